//! What of a contract's answer is the same for every request. It is made when it is first asked for.

use graph_contracts::contract::{Body, Contract};
use graph_contracts::normal::may_have_content;
use graph_contracts::query::option_name;
use graph_contracts::service::ServiceRules;
use graph_contracts::stub::Answer;
use graph_contracts::url::Target;
use http::header;

use crate::incoming::Incoming;
use crate::links::{self, Leads};
use crate::readable::Readable;
use crate::reply::Reply;
use crate::uploads;

/// What of a contract's answer is the same for every request.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The answer without its body.
    head: Reply,
    location: Option<Blanks>,
    /// The documented JSON as clients can read it.
    pub(crate) readable: Option<Readable>,
    /// That JSON as text, where it is the same for every request that changes nothing of it.
    whole: Option<Blanks>,
    /// The options of the documented request, which the documented body has fulfilled: their names in the form in which they are compared, and values.
    fulfilled: Vec<(String, String)>,
    /// Where the documented links to next pages and changes lead, and whether that is answered.
    next: Vec<(String, bool)>,
}

/// A text with blanks for where the client thinks that the server is, and for the path of its request.
#[derive(Debug)]
struct Blanks {
    text: String,
    /// Where they are, in order.
    blanks: Vec<(usize, Blank)>,
}

#[derive(Clone, Copy, Debug)]
enum Blank {
    BaseUrl,
    Path,
}

/// Stands for a blank while a text is made: characters that no text has (The Unicode Standard, section 23.7, "Noncharacters").
const BASE_URL: char = '\u{fdd0}';
const PATH: char = '\u{fdd1}';

impl Prepared {
    /// What a contract answers, by what it keeps of metadata; `is_answered` says whether a GET of a path with a query is.
    pub(crate) fn new(
        contract: &Contract,
        rules: Option<&ServiceRules>,
        is_answered: impl Fn(&str, Option<&str>) -> bool,
    ) -> Prepared {
        let any = Incoming { path: PATH.to_string(), base_url: BASE_URL.to_string(), ..Incoming::default() };
        let lead = |url: &str, leads: Leads| links::lead_back(url, &any, &contract.id, leads);
        let mut head = Reply::documented(contract, Answer::documented_head(contract));
        // What a page shows of the coding of its example is not how it is sent here.
        head.headers.remove(header::CONTENT_ENCODING);
        let location = head.headers.get(header::LOCATION).and_then(|own| own.to_str().ok());
        let location = location.and_then(|own| lead(own, Leads::On)).map(|own| Blanks::read(&own));
        let has_body = may_have_content(&contract.request.method, contract.response.status);
        let readable = Readable::new(contract, rules).filter(|_| has_body);
        let mut next = Vec::new();
        let whole = readable.as_ref().and_then(|readable| {
            let mut body = readable.answer(None);
            let is_blank = body.to_string().contains([BASE_URL, PATH]);
            links::lead_all_back(&mut body, &lead);
            links::lead_on(&mut body, &any, |path, query| {
                let is_answered = is_answered(path, query);
                next.push((target(path, query), is_answered));
                is_answered
            });
            // The end of an upload is another one each time.
            (!is_blank && !uploads::begins(contract)).then(|| Blanks::read(&body.to_string()))
        });
        let media_type = match &contract.response.body {
            Some(Body::Json(_)) => "application/json",
            Some(Body::Text(_)) => "text/plain",
            _ => "",
        };
        if has_body && !media_type.is_empty() && !head.headers.contains_key(header::CONTENT_TYPE) {
            head = head.with_header("content-type", media_type);
        }
        head.say();
        let documented = Target::read(&contract.request.url).query_parameters();
        let fulfilled = |(name, value): (String, String)| (option_name(&name).into_owned(), value.replace('+', " "));
        let fulfilled = documented.into_iter().map(fulfilled).collect();
        Prepared { head, location, readable, whole, fulfilled, next }
    }

    /// The answer to a request, without its body.
    pub(crate) fn head(&self, request: &Incoming) -> Reply {
        let reply = self.head.clone();
        match &self.location {
            Some(location) => reply.with_header("location", &location.filled(request)),
            None => reply,
        }
    }

    /// The body of the answer to a request that changes nothing of it, where it is made already.
    pub(crate) fn unchanged(&self, request: &Incoming) -> Option<String> {
        // These stand in strings of JSON.
        let is_plain = |text: &str| !text.contains(['"', '\\']);
        let is_text = is_plain(&request.base_url) && is_plain(&request.path);
        self.whole.as_ref().filter(|_| is_text).map(|whole| whole.filled(request))
    }

    /// Whether the documented request asks for the same by an option: a name in the form in which names are compared, and a value.
    pub(crate) fn fulfills(&self, name: &str, value: &str) -> bool {
        self.fulfilled.iter().any(|(own, documented)| own == name && documented == value)
    }

    /// Whether what a documented link to a next page or to changes leads to is answered; `None` for other links.
    pub(crate) fn leads_on(&self, path: &str, query: Option<&str>) -> Option<bool> {
        let target = target(path, query);
        self.next.iter().find(|(own, _)| *own == target).map(|(_, is_answered)| *is_answered)
    }
}

fn target(path: &str, query: Option<&str>) -> String {
    query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
}

impl Blanks {
    /// A text in which characters stand for the blanks.
    fn read(marked: &str) -> Blanks {
        let mut blanks = Blanks { text: String::with_capacity(marked.len()), blanks: Vec::new() };
        for c in marked.chars() {
            let at = blanks.text.len();
            match c {
                BASE_URL => blanks.blanks.push((at, Blank::BaseUrl)),
                PATH => blanks.blanks.push((at, Blank::Path)),
                c => blanks.text.push(c),
            }
        }
        blanks
    }

    /// The text for a request.
    fn filled(&self, request: &Incoming) -> String {
        let value = |blank: &Blank| match blank {
            Blank::BaseUrl => request.base_url.as_str(),
            Blank::Path => request.path.as_str(),
        };
        let longer: usize = self.blanks.iter().map(|(_, blank)| value(blank).len()).sum();
        let mut filled = String::with_capacity(self.text.len() + longer);
        let mut from = 0;
        for (at, blank) in &self.blanks {
            filled.push_str(&self.text[from..*at]);
            filled.push_str(value(blank));
            from = *at;
        }
        filled.push_str(&self.text[from..]);
        filled
    }
}
