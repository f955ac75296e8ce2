// What is claimed of the answer to this request: the script of the request has set it.
const claims = JSON.parse(pm.variables.get("claims"));
const identifiers = {};
const named = (claim, what) => `${claim.at}: ${what} (${claim.page})`;
const parsed = () => JSON.parse(pm.response.text());
const at = (path) => path.reduce((value, step) => (value === null || value === undefined ? undefined : value[step]), parsed());
const isAnnotation = (name) => name.startsWith("@") || ["@odata.", "@microsoft.", "@Org.OData."].some((own) => name.includes(own));
const kind = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

// Whether a text is the documented one. An identifier is the same wherever it has the same name, and another has another one.
const isText = (pieces, value) => {
    if (typeof value !== "string") return false;
    const names = [];
    const source = pieces.map((piece) => {
        if (piece.literal !== undefined) return piece.literal;
        names.push(piece.identifier);
        return `(?<p${names.length}>${piece.pattern})`;
    });
    const found = new RegExp(`^(?:${source.join("")})$`, "u").exec(value);
    return found !== null && names.every((name, index) => isSame(name, found.groups[`p${index + 1}`]));
};
const isSame = (name, value) => {
    if (name === undefined) return true;
    if (identifiers[name] !== undefined) return identifiers[name] === value;
    const isNew = !Object.values(identifiers).includes(value);
    identifiers[name] = value;
    return isNew;
};

const holds = {
    object: (claim, value) => kind(value) === "object" && Object.keys(value).every((name) => claim.names.includes(name) || isAnnotation(name)),
    array: (claim, value) => kind(value) === "array" && value.length === claim.length,
    value: (claim, value) => kind(value) === kind(claim.value) && value === claim.value,
    kind: (claim, value) => kind(value) === claim.kind && (claim.kind !== "number" || !claim.whole || Number.isInteger(value)),
    text: (claim, value) => isText(claim.pieces, value),
};

pm.test(named(claims.status, `the status is ${claims.status.value}`), () => pm.expect(pm.response.code).to.equal(claims.status.value));
for (const claim of claims.body) {
    pm.test(named(claim, "the value is as documented"), () => pm.expect(holds[claim.is](claim, at(claim.path))).to.equal(true));
}
if (claims.text !== null) {
    const lines = (text) => text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
    pm.test(named(claims.text, "the body is as documented"), () => pm.expect(lines(pm.response.text())).to.equal(lines(claims.text.value)));
}
for (const claim of claims.headers) {
    const values = pm.response.headers.filter((own) => own.key.toLowerCase() === claim.name).map((own) => own.value);
    if (claim.optional && values.length === 0) continue;
    const value = values.join(", ");
    const isRight = () => values.length > 0 && (claim.pattern === undefined ? isText(claim.pieces, value) : new RegExp(claim.pattern, "i").test(value));
    pm.test(named(claim, "the header field is as documented"), () => pm.expect(isRight()).to.equal(true));
}
