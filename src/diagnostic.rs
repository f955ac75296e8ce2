//! What is wrong with a documentation page, as data: code, place and what to do about it.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use strum::{Display, EnumString, IntoStaticStr};

use crate::edit::Edit;
use crate::meant::did_you_mean;

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
    /// What corrects it, if there is one right answer.
    #[serde(skip)]
    pub edit: Option<Edit>,
}

impl Diagnostic {
    /// A defect at a line and column of a page.
    // Hardly anything that is read has a defect: what reports one is kept out of the code that reads.
    #[cold]
    pub fn new(
        code: Code,
        page: impl Into<String>,
        (line, column): (u32, u32),
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic { code, page: page.into(), line, column, message: message.into(), edit: None }
    }

    /// The same with the edit that corrects it, where there is one.
    #[must_use]
    #[cold]
    pub fn with_edit(self, edit: Option<Edit>) -> Diagnostic {
        Diagnostic { edit, ..self }
    }

    /// The order in which diagnostics are shown: by page and place.
    pub(crate) fn order(&self, other: &Diagnostic) -> Ordering {
        let place = |own: &'_ Diagnostic| (own.line, own.column, own.code);
        self.page.cmp(&other.page).then_with(|| place(self).cmp(&place(other)))
    }
}

/// How many diagnostics of each code there are.
pub(crate) fn by_code(diagnostics: &[Diagnostic]) -> BTreeMap<Code, usize> {
    let mut counts = BTreeMap::new();
    diagnostics.iter().for_each(|diagnostic| *counts.entry(diagnostic.code).or_default() += 1);
    counts
}

/// How much a defect matters.
#[derive(Clone, Copy, Debug, Display, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Severity {
    /// The contract is usable; the page should still be fixed.
    Warning,
    /// Something documented could not be taken over.
    Error,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $severity:ident, $help:literal;)*) => {
        /// The kinds of defect, each with a stable name.
        #[derive(Clone, Copy, Debug, Display, EnumString, IntoStaticStr, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        #[strum(serialize_all = "kebab-case")]
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

            /// The code of a name, if there is one.
            pub fn named(name: &str) -> Option<Code> {
                name.parse().ok()
            }

            /// The code of a name that somebody wrote.
            ///
            /// # Errors
            ///
            /// When no code has that name, with the one that is probably meant.
            pub fn written(name: &str) -> Result<Code, String> {
                let near = || did_you_mean(name, Code::ALL.iter().map(|code| code.name()));
                Code::named(name).ok_or_else(|| format!("there is no code `{name}`{}", near()))
            }

            /// The stable name, as it is printed.
            pub fn name(self) -> &'static str {
                self.into()
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
    /// The body follows the start line or the header fields without a blank line.
    NoBlankLineBeforeBody = Warning, "put a blank line before the body";
    /// Header fields stand after a blank line, where a reader of HTTP sees the body.
    HeadersAfterBlankLine = Warning, "remove the blank line between the start line and the header fields";
    /// Header fields stand behind the body.
    HeadersAfterBody = Warning, "put the header fields right below the start line";
    /// A header field has a character that HTTP does not allow.
    HeaderNotValid = Warning, "remove the character; until then the field is taken over without it";
    /// The first line of a message has a slip, but its meaning is certain.
    StartLineSlip = Warning, "write `METHOD URL`, or `HTTP/1.1 200 OK`, on the first line of the block, and nothing before it";
    /// The first line of a block should open a message and cannot be read.
    StartLineNotValid = Error, "begin the block with `METHOD URL`, or with `HTTP/1.1 200 OK`";
    /// A response without a status line; the text says its status.
    NoStatusLine = Warning, "begin the response with its status line and header fields";
    /// A response without a status line; nothing says its status.
    StatusNotStated = Error, "begin the response with its status line and header fields";
    /// The block goes on behind its message: its closing fence is missing or is not one.
    TextAfterMessage = Warning, "close the code block with a bare ``` right behind the message";
    /// The body of a message stands in a code block of its own.
    BodyInOwnBlock = Warning, "put the body into the block of its header fields, behind a blank line";
    /// A mark of a zone that is not closed, closes none, or has a range that cannot be read.
    ZoneNotValid = Warning, "close each zone with its own mark, and give ranges of monikers that have versions";
    /// A block has several request lines although it is an example.
    SeveralRequestLines = Warning, "give each request a code block and a response of its own";
    /// The metadata comment of a block is not JSON.
    MetadataNotJson = Warning, "make the metadata comment valid JSON";
    /// A body that looks like JSON is not, and the intended JSON is unclear.
    JsonNotValid = Warning, "make the example valid JSON; until then it is compared as text";
    /// A comma behind the last member or element.
    JsonTrailingComma = Warning, "remove the comma before the closing bracket";
    /// No comma between two members or elements.
    JsonMissingComma = Warning, "put a comma behind this value";
    /// A comment in JSON.
    JsonComment = Warning, "move the comment out of the example";
    /// A string in single quotes.
    JsonSingleQuotes = Warning, "put strings in double quotes";
    /// A member name without quotes.
    JsonUnquotedName = Warning, "put member names in double quotes";
    /// A line break or another control character in a string.
    JsonControlCharacter = Warning, "write line breaks in strings as \\n, and join the lines of what is one word";
    /// A no-break space, or other white space that JSON does not know.
    JsonForeignBlank = Warning, "replace the character with an ordinary space";
    /// An ellipsis where more members or elements would stand.
    JsonEllipsis = Warning,
        "leave the ellipsis out; say in the text, or with \"truncated\": true, that the example is shortened";
    /// A member occurs twice in its object.
    JsonDuplicateMember = Warning, "remove one of the two members";
    /// A response without a request before it.
    OrphanResponse = Error, "put the request that it answers before it, in a code block of its own";
    /// A request outside the HTTP-request section that no response follows.
    UnansweredRequest = Warning, "show the response to this request";
    /// The example's URL matches none of the page's URL templates.
    UrlMatchesNoTemplate = Warning,
        "make the example's URL one of those in the section \"HTTP request\", or add it there";
    /// The page lists no URL template of the form that its example has.
    TemplateMissing = Warning, "add or correct the template of that form, or change the example to a form that is listed";
    /// A URL template has the value of an example instead of a placeholder.
    SampleInTemplate = Warning, "put a placeholder such as `{id}` there";
    /// A name in a URL template is nearly the one that all other URLs of the page have in its place.
    TemplateMisspelled = Warning, "write the name as the other templates do";
    /// A `TODO` was left in the page.
    TodoLeft = Warning, "replace the TODO with what it stands for";
    /// The page does not say which permissions the operation needs.
    PermissionsNotStated = Warning, "state the permissions, and which of them are needed together, in the table of the section \"Permissions\"";
    /// A file that the page includes cannot be read.
    IncludeNotRead = Warning, "add the file, correct the path, or name the root of the pages with --pages-root";
    /// A value of an example is the name of a type.
    PlaceholderValue = Warning, "show a value of that type instead of its name";
    /// The name of a header field is nearly that of a known one.
    HeaderMisspelled = Warning, "correct the name of the header field";
    /// A request does not have a header field that the page's table calls required.
    RequiredHeaderMissing = Warning, "add the header field to the example, or correct the table";
    /// A heading is nearly the name of a section that pages have.
    HeadingMisspelled = Warning, "correct the heading; what stands below it is found by it";
    /// The Content-Length is not that of the body, neither with CRLF nor with LF line ends.
    ContentLengthWrong = Warning, "correct the number, or leave the field out";
    /// A GET or HEAD request has a body.
    BodyWithGet = Warning, "remove the body; a GET request has none";
    /// A blank in a URL.
    BlankInUrl = Warning, "write blanks in URLs as %20, and remove those that mean nothing";
    /// The reason phrase is not that of the status.
    ReasonNotStandard = Warning, "use the reason phrase of the status";
    /// 204 means that there is no body, but one is shown.
    BodyWithNoContent = Warning, "remove the body, or correct the status";
    /// 200 or 201 without a body.
    NoBody = Warning, "show the body, correct the status, or say that nothing is returned";
    /// A JSON response that does not say that it is JSON.
    NoContentType = Warning, "add Content-Type: application/json";
    /// The status of the example is not the one that the text says.
    StatusContradictsProse = Warning, "correct the example or the section \"Response\"";
    /// A value that is not of the type of its property.
    ValueNotOfType = Warning, "correct the value, or the type in the table";
    /// A value that is not among the possible values of its property.
    EnumValueNotDocumented = Warning, "correct the value, or add it to the possible values";
    /// A row lists a value that the table of its enumeration does not have.
    EnumListDiffers = Warning, "write the values as the table of the enumeration does, or add them there";
    /// A request that creates an object gives what the service sets.
    ServerSetMember = Warning, "remove the member from the request";
    /// A member of the request's body is not in the table of the request body.
    MemberNotInTable = Warning, "add the member to the table, or remove it from the example";
    /// A request does not have a member that the table of its body calls required.
    RequiredMemberMissing = Warning, "add the member to the example, or correct the table";
    /// A member of a resource's JSON representation, or of a response, is not in the tables of the resource.
    MemberNotInResource = Warning, "add the member to the table, or correct its name";
    /// A table has the same property twice.
    PropertyTwice = Warning, "remove one of the two rows";
    /// The name of a type is nearly that of one that exists.
    TypeNameMisspelled = Warning, "correct the name of the type";
    /// A table has the name of a property in another language.
    PropertyNameTranslated = Warning, "write the name as the service has it; names are not translated";
    /// The URL is of another version than the page.
    VersionNotThePages = Warning, "correct the version in the URL, or move the page to the folder of that version";
    /// A URL of Microsoft Graph without a version that Microsoft Graph has.
    GraphVersionNotValid = Error, "begin the path with /v1.0 or /beta";
    /// Two requests of a version have the same name.
    RequestNameTwice = Warning, "give each request a name of its own; snippets are generated by it";
    /// A generator wrote a placeholder into the page.
    GeneratorLeftover = Warning, "replace it with what it stands for";
    /// The status line has no status that HTTP knows as final.
    StatusNotValid = Error, "document the final response, with a status from 200 to 599";
    /// A request with a JSON body that does not say that it is JSON.
    NoRequestContentType = Warning, "add Content-Type: application/json to the request";
    /// A URL with a quotation mark, parenthesis or brace without its counterpart.
    UrlNotWellFormed = Warning, "correct the URL; as it is, it cannot be sent";
    /// A query option that begins with `$` and is none of OData's.
    QueryOptionNotValid = Warning, "correct the name of the query option";
    /// A host whose name is nearly that of a known one.
    HostMisspelled = Warning, "correct the name of the host";
    /// A media type that does not exist, but nearly does.
    MediaTypeNotValid = Warning, "correct the media type";
    /// An identifier that is nearly a GUID.
    GuidNotValid = Warning, "show a GUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12";
    /// A date that no calendar has, or a time that no day has.
    DateNotValid = Warning, "show a date that exists";
    /// An `@odata.context`, or a link to the next page, is of another version than the request.
    LinkOfOtherVersion = Warning, "use the version of the request";
    /// An `@odata.context`, or a link to the next page, is of another host than the request.
    LinkOfOtherHost = Warning, "use the host of the request";
    /// An `@odata.context` names another set than the request addresses.
    ContextOfOtherSet = Warning, "use the context of the request's set";
    /// The metadata comment of a block says something else than the block.
    MetadataContradictsExample = Warning, "correct the metadata comment or the example";
    /// The body of a response is a collection, but its comment and the request speak of one object.
    CollectionInsteadOfObject = Warning, "show the object itself, without the array `value` around it";
    /// The response shows another value than the request has just sent.
    EchoDiffers = Warning, "show in the response what the request sends, or say why it differs";
    /// The response has another identifier than the URL asks for.
    IdDiffersFromUrl = Warning, "use one identifier in the URL and in the response";
    /// The title names an operation that none of the page's methods does.
    TitleContradictsMethod = Warning, "correct the title or the method";
    /// A permission whose name is nearly that of one which other pages of the set state.
    PermissionMisspelled = Warning, "correct the name of the permission";
    /// A row of a table of permissions is there twice, or is for an account that is nearly called like one.
    PermissionRowNotValid = Warning, "correct the name of the account, or remove the row";
    /// A comment that should accept a defect does not say which, or why.
    SuppressionNotValid = Warning, "write `<!-- graph-contracts-ignore CODE: reason -->`";
    /// A comment accepts a defect that is not there.
    SuppressionUnused = Warning, "remove the comment, or put it right above the block with the defect";
    // From here on, it takes the service's metadata to find them.
    /// A segment of a URL that the metadata does not declare there.
    SegmentNotInMetadata = Error, "correct the URL, or document that the operation was removed";
    /// A key in a URL that the metadata does not declare.
    KeyNotInMetadata = Error, "use one of the declared keys";
    /// A function's parameters that no overload of it in the metadata has.
    FunctionParametersNotInMetadata = Error, "give the function the parameters that the metadata declares";
    /// An argument of a function that is no literal of its parameter's type.
    ArgumentNotOfType = Error, "write the argument as OData has literals of that type in URLs";
    /// A name in a query option that the metadata does not declare.
    QueryNameNotInMetadata = Error, "correct the name of the property";
    /// A method that what is addressed does not allow.
    MethodNotAllowed = Error, "correct the method or the URL";
    /// A method that annotations of the metadata rule out.
    RestrictedInMetadata = Error, "document that the operation is not available, or have the annotation corrected";
    /// A status that cannot be the success of the operation.
    StatusNotOfOperation = Error, "correct the status of the example";
    /// A status that OData does not have for the operation, but some services use.
    StatusUnusual = Warning, "check which status the service returns";
    /// A body where the operation returns nothing.
    BodyNotExpected = Error, "remove the body, or correct the status";
    /// A body that is wrapped in another way than OData wraps what the metadata declares.
    WrapperDoesNotFit = Error, "show a single object as the body itself, and a collection as the array `value`";
    /// A member of a body that the metadata does not declare.
    MemberNotInMetadata = Error, "correct or remove the member";
    /// A member of an open type whose name is nearly that of a declared one.
    MemberOfOpenType = Warning, "check whether the declared member is meant";
    /// A value that is not of the type that the metadata declares.
    ValueNotOfMetadataType = Error, "show a value of the declared type";
    /// A value of an enumeration that the metadata does not declare.
    EnumValueNotInMetadata = Error, "use one of the declared members";
    /// Null where the metadata does not allow it.
    NullNotAllowed = Error, "show a value, or leave the member out";
    /// An `@odata.type` that names no type of the metadata.
    TypeNotInMetadata = Error, "name a type that exists";
    /// An `@odata.type` that cannot stand where it does.
    TypeNotDerived = Error, "name a type that is derived from the declared one, and not abstract";
    /// A row of the property table that the metadata does not have.
    PropertyNotInMetadata = Error, "correct or remove the row";
    /// A property whose type in the table is not that of the metadata.
    PropertyTypeDiffers = Error, "correct the type in the table";
    /// A name that differs from the metadata's in its case alone.
    NameCaseDiffers = Warning, "write the name as the metadata does; not every service accepts another case";
    /// A request that gives what the service computes or does not change.
    ComputedMemberSent = Warning, "leave the member out of the request";
    /// Something that the metadata calls deprecated.
    DeprecatedInMetadata = Warning, "document that on the page, and what to use instead";
    /// An operation that a cloud which the page names does not have.
    OperationNotInCloud = Error, "correct the clouds that the page names";
    /// An operation that a cloud has in which it is not available, as the page says.
    OperationInDeniedCloud = Warning, "check whether the API is available in that cloud now, and correct the clouds of the page";
    /// No metadata was given of the version that a contract is of.
    NoMetadata = Warning, "give the metadata of that version";
    /// Something that metadata does not describe.
    OutsideMetadata = Warning, "nothing; a live run can check it";
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Diagnostic { code, page, line, column, message, .. } = self;
        write!(f, "{page}:{line}:{column}: {message} [{code}]")
    }
}
