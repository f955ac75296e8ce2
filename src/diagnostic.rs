//! What is wrong with a documentation page, as data: code, place and what to do about it.

use std::cmp::Ordering;
use std::fmt;

use serde::Serialize;

/// One defect of one page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// What kind of defect it is.
    pub code: Code,
    /// The page's path.
    pub page: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1 in characters.
    pub column: u32,
    /// What is wrong here, as a lowercase fragment.
    pub message: String,
}

impl Diagnostic {
    /// The order in which diagnostics are shown: by page and place.
    pub(crate) fn order(&self, other: &Diagnostic) -> Ordering {
        let place = |own: &'_ Diagnostic| (own.line, own.column, own.code);
        self.page.cmp(&other.page).then_with(|| place(self).cmp(&place(other)))
    }
}

/// How much a defect matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The contract is usable; the page should still be fixed.
    Warning,
    /// Something documented could not be taken over.
    Error,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, $severity:ident, $help:literal;)*) => {
        /// The kinds of defect, each with a stable name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Code {
            /// Every code, in the order of the names' declaration.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// Whether it takes the service's metadata to find it.
            pub fn is_of_metadata(self) -> bool {
                self >= Code::SegmentNotInMetadata
            }

            /// The stable name, as it is printed.
            pub fn name(self) -> &'static str {
                match self {
                    $(Code::$variant => $name,)*
                }
            }

            /// What kind of defect it is, in a sentence.
            pub fn title(self) -> &'static str {
                match self {
                    $(Code::$variant => concat!($($doc),*).trim_ascii(),)*
                }
            }

            /// How much it matters.
            pub fn severity(self) -> Severity {
                match self {
                    $(Code::$variant => Severity::$severity,)*
                }
            }

            /// What the page's author can do about it.
            pub fn help(self) -> &'static str {
                match self {
                    $(Code::$variant => $help,)*
                }
            }
        }
    };
}

codes! {
    /// The body follows the header fields without a blank line.
    NoBlankLineBeforeBody = "no-blank-line-before-body", Warning,
        "put a blank line between the header fields and the body";
    /// Header fields stand after a blank line, where a reader of HTTP sees the body.
    HeadersAfterBlankLine = "headers-after-blank-line", Warning,
        "remove the blank line between the start line and the header fields";
    /// Header fields stand behind the body.
    HeadersAfterBody = "headers-after-body", Warning,
        "put the header fields right below the start line";
    /// A header field has a character that HTTP does not allow.
    HeaderNotValid = "header-not-valid", Warning,
        "remove the character; until then the field is taken over without it";
    /// The block goes on behind its message: its closing fence is missing or is not one.
    TextAfterMessage = "text-after-message", Warning,
        "close the code block with a bare ``` right behind the message";
    /// A block has several request lines although it is an example.
    SeveralRequestLines = "several-request-lines", Warning,
        "give each request a code block and a response of its own";
    /// The metadata comment of a block is not JSON.
    MetadataNotJson = "metadata-not-json", Warning,
        "make the metadata comment valid JSON";
    /// A body that looks like JSON is not, and the intended JSON is unclear.
    JsonNotValid = "json-not-valid", Warning,
        "make the example valid JSON; until then it is compared as text";
    /// A comma behind the last member or element.
    JsonTrailingComma = "json-trailing-comma", Warning,
        "remove the comma before the closing bracket";
    /// No comma between two members or elements.
    JsonMissingComma = "json-missing-comma", Warning,
        "put a comma before this value";
    /// A comment in JSON.
    JsonComment = "json-comment", Warning,
        "move the comment out of the example";
    /// A string in single quotes.
    JsonSingleQuotes = "json-single-quotes", Warning,
        "put strings in double quotes";
    /// A member name without quotes.
    JsonUnquotedName = "json-unquoted-name", Warning,
        "put member names in double quotes";
    /// A line break or another control character in a string.
    JsonControlCharacter = "json-control-character", Warning,
        "write line breaks in strings as \\n";
    /// A no-break space, or other white space that JSON does not know.
    JsonForeignBlank = "json-foreign-blank", Warning,
        "replace the character with an ordinary space";
    /// An ellipsis where more members or elements would stand.
    JsonEllipsis = "json-ellipsis", Warning,
        "leave the ellipsis out; say in the text, or with \"truncated\": true, that the example is shortened";
    /// A member occurs twice in its object.
    JsonDuplicateMember = "json-duplicate-member", Warning,
        "remove one of the two members";
    /// A response without a request before it.
    OrphanResponse = "orphan-response", Error,
        "put the request that it answers before it, in a code block of its own";
    /// A request outside the HTTP-request section that no response follows.
    UnansweredRequest = "unanswered-request", Warning,
        "show the response to this request";
    /// The example's URL matches none of the page's URL templates.
    UrlMatchesNoTemplate = "url-matches-no-template", Warning,
        "make the example's URL one of those in the section \"HTTP request\", or add it there";
    /// A `TODO` was left in the page.
    TodoLeft = "todo-left", Warning,
        "replace the TODO with what it stands for";
    /// The page does not say which permissions the operation needs.
    PermissionsNotStated = "permissions-not-stated", Warning,
        "state the permissions in the table of the section \"Permissions\"";
    /// A value of an example is the name of a type.
    PlaceholderValue = "placeholder-value", Warning,
        "show a value of that type instead of its name";
    /// The Content-Length is not that of the body, neither with CRLF nor with LF line ends.
    ContentLengthWrong = "content-length-wrong", Warning,
        "correct the number, or leave the field out";
    /// A GET or HEAD request has a body.
    BodyWithGet = "body-with-get", Warning,
        "remove the body; a GET request has none";
    /// A blank in a URL.
    BlankInUrl = "blank-in-url", Warning,
        "write blanks in URLs as %20";
    /// The reason phrase is not that of the status.
    ReasonNotStandard = "reason-not-standard", Warning,
        "use the reason phrase of the status";
    /// 204 means that there is no body, but one is shown.
    BodyWithNoContent = "body-with-no-content", Warning,
        "remove the body, or correct the status";
    /// 200 or 201 without a body.
    NoBody = "no-body", Warning,
        "show the body, correct the status, or say that nothing is returned";
    /// A JSON response that does not say that it is JSON.
    NoContentType = "no-content-type", Warning,
        "add Content-Type: application/json";
    /// The status of the example is not the one that the text says.
    StatusContradictsProse = "status-contradicts-prose", Warning,
        "correct the example or the section \"Response\"";
    /// A value that is not of the type of its property.
    ValueNotOfType = "value-not-of-type", Warning,
        "correct the value, or the type in the table";
    /// A value that is not among the possible values of its property.
    EnumValueNotDocumented = "enum-value-not-documented", Warning,
        "correct the value, or add it to the possible values";
    /// A request that creates an object gives what the service sets.
    ServerSetMember = "server-set-member", Warning,
        "remove the member from the request";
    /// A member of the request's body is not in the table of the request body.
    MemberNotInTable = "member-not-in-table", Warning,
        "add the member to the table, or remove it from the example";
    /// A table has the same property twice.
    PropertyTwice = "property-twice", Warning,
        "remove one of the two rows";
    /// The URL is of another version than the page.
    VersionNotThePages = "version-not-the-pages", Warning,
        "correct the version in the URL";
    /// Two requests of a version have the same name.
    RequestNameTwice = "request-name-twice", Warning,
        "give each request a name of its own; snippets are generated by it";
    /// A generator wrote a placeholder into the page.
    GeneratorLeftover = "generator-leftover", Warning,
        "replace it with what it stands for";
    /// The status line has no status that HTTP knows as final.
    StatusNotValid = "status-not-valid", Error,
        "document the final response, with a status from 200 to 599";
    // From here on, it takes the service's metadata to find them.
    /// A segment of a URL that the metadata does not declare there.
    SegmentNotInMetadata = "segment-not-in-metadata", Error,
        "correct the URL, or document that the operation was removed";
    /// A key in a URL that the metadata does not declare.
    KeyNotInMetadata = "key-not-in-metadata", Error,
        "use one of the declared keys";
    /// A function's parameters that no overload of it in the metadata has.
    FunctionParametersNotInMetadata = "function-parameters-not-in-metadata", Error,
        "give the function the parameters that the metadata declares";
    /// A method that what is addressed does not allow.
    MethodNotAllowed = "method-not-allowed", Error,
        "correct the method or the URL";
    /// A method that annotations of the metadata rule out.
    RestrictedInMetadata = "restricted-in-metadata", Error,
        "document that the operation is not available, or have the annotation corrected";
    /// A status that cannot be the success of the operation.
    StatusNotOfOperation = "status-not-of-operation", Error,
        "correct the status of the example";
    /// A status that OData does not have for the operation, but some services use.
    StatusUnusual = "status-unusual", Warning,
        "check which status the service returns";
    /// A body where the operation returns nothing.
    BodyNotExpected = "body-not-expected", Error,
        "remove the body, or correct the status";
    /// A body that is wrapped in another way than OData wraps what the metadata declares.
    WrapperDoesNotFit = "wrapper-does-not-fit", Error,
        "show a single object as the body itself, and a collection as the array `value`";
    /// A member of a body that the metadata does not declare.
    MemberNotInMetadata = "member-not-in-metadata", Error,
        "correct or remove the member";
    /// A member of an open type whose name is nearly that of a declared one.
    MemberOfOpenType = "member-of-open-type", Warning,
        "check whether the declared member is meant";
    /// A value that is not of the type that the metadata declares.
    ValueNotOfMetadataType = "value-not-of-metadata-type", Error,
        "show a value of the declared type";
    /// A value of an enumeration that the metadata does not declare.
    EnumValueNotInMetadata = "enum-value-not-in-metadata", Error,
        "use one of the declared members";
    /// Null where the metadata does not allow it.
    NullNotAllowed = "null-not-allowed", Error,
        "show a value, or leave the member out";
    /// An `@odata.type` that names no type of the metadata.
    TypeNotInMetadata = "type-not-in-metadata", Error,
        "name a type that exists";
    /// An `@odata.type` that cannot stand where it does.
    TypeNotDerived = "type-not-derived", Error,
        "name a type that is derived from the declared one, and not abstract";
    /// A row of the property table that the metadata does not have.
    PropertyNotInMetadata = "property-not-in-metadata", Error,
        "correct or remove the row";
    /// A property whose type in the table is not that of the metadata.
    PropertyTypeDiffers = "property-type-differs", Error,
        "correct the type in the table";
    /// A name that differs from the metadata's in its case alone.
    NameCaseDiffers = "name-case-differs", Warning,
        "write the name as the metadata does; not every service accepts another case";
    /// A request that gives what the service computes or does not change.
    ComputedMemberSent = "computed-member-sent", Warning,
        "leave the member out of the request";
    /// Something that the metadata calls deprecated.
    DeprecatedInMetadata = "deprecated-in-metadata", Warning,
        "document that on the page, and what to use instead";
    /// No metadata was given of the version that a contract is of.
    NoMetadata = "no-metadata", Warning,
        "give the metadata of that version with --metadata VERSION=FILE";
    /// Something that metadata does not describe.
    OutsideMetadata = "outside-metadata", Warning,
        "nothing; a live run can check it";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Diagnostic { code, page, line, column, message } = self;
        write!(f, "{page}:{line}:{column}: {message} [{code}]")
    }
}
