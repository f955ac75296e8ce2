//! The forms in which a service answers a contract, by route: a contract has one snapshot, however many routes it has.
//!
//! Where all routes agree, the text is that of the one form. Where they do not, each form follows the routes on which it came:
//!
//! ```text
//! == /lamps
//! == /me/lamps
//! POST https://graph.microsoft.com/v1.0/lamps
//! …
//! == /rooms/{id}/lamps
//! as documented
//! ```

use std::fmt;

use crate::normal::{FormError, NormalForm};

/// The line of a route begins so. No line of a normal form does.
const ROUTE: &str = "== ";

/// What stands for the form of a route that answers as documented.
const AS_DOCUMENTED: &str = "as documented";

/// The forms of a contract's routes; at least one of them drifts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteForms {
    /// All routes have this form.
    Same(NormalForm),
    /// The routes differ.
    Differing(Vec<RouteForm>),
}

/// A form, and the routes that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteForm {
    /// The templates of the routes; at least one.
    pub routes: Vec<String>,
    /// The form; `None` where the service answers as documented.
    pub form: Option<NormalForm>,
}

/// What the forms say of one route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRoute<'f> {
    /// Nothing: the route had not been asked.
    Unknown,
    /// It answered as documented.
    AsDocumented,
    /// It had this form.
    Form(&'f NormalForm),
}

impl RouteForms {
    /// The forms of routes, in their order; `None` where all of them answer as documented.
    pub fn of(found: impl IntoIterator<Item = (String, Option<NormalForm>)>) -> Option<RouteForms> {
        let mut groups: Vec<RouteForm> = Vec::new();
        for (route, form) in found {
            match groups.iter_mut().find(|group| group.form == form) {
                Some(group) => group.routes.push(route),
                None => groups.push(RouteForm { routes: vec![route], form }),
            }
        }
        match groups.as_mut_slice() {
            [] => None,
            [only] => only.form.take().map(RouteForms::Same),
            _ => Some(RouteForms::Differing(groups)),
        }
    }

    /// The form on a route.
    pub fn on(&self, route: &str) -> OnRoute<'_> {
        match self {
            RouteForms::Same(form) => OnRoute::Form(form),
            RouteForms::Differing(groups) => {
                let group = groups.iter().find(|group| group.routes.iter().any(|own| own == route));
                match group.map(|group| &group.form) {
                    None => OnRoute::Unknown,
                    Some(None) => OnRoute::AsDocumented,
                    Some(Some(form)) => OnRoute::Form(form),
                }
            }
        }
    }

    /// Each form with its routes; without routes if all have it.
    pub fn forms(&self) -> Vec<(&[String], &NormalForm)> {
        match self {
            RouteForms::Same(form) => vec![(&[], form)],
            RouteForms::Differing(groups) => {
                groups.iter().filter_map(|group| Some((group.routes.as_slice(), group.form.as_ref()?))).collect()
            }
        }
    }

    /// Reads the text of a snapshot.
    ///
    /// # Errors
    ///
    /// When the text does not have the form that this module writes.
    pub fn parse(text: &str) -> Result<RouteForms, FormError> {
        if !text.starts_with(ROUTE) {
            return NormalForm::parse(text).map(RouteForms::Same);
        }
        let mut groups: Vec<RouteForm> = Vec::new();
        let mut lines = text.lines().enumerate().peekable();
        while lines.peek().is_some() {
            let mut routes = Vec::new();
            while let Some((_, route)) = lines.next_if(|(_, line)| line.starts_with(ROUTE)) {
                routes.push(route[ROUTE.len()..].trim_end().to_owned());
            }
            let first = lines.peek().map_or_else(|| text.lines().count(), |(index, _)| *index);
            let mut own = String::new();
            while let Some((_, line)) = lines.next_if(|(_, line)| !line.starts_with(ROUTE)) {
                own.push_str(line);
                own.push('\n');
            }
            let form = match own.trim_end() {
                AS_DOCUMENTED => None,
                _ => Some(NormalForm::parse(&own).map_err(|error| FormError { line: first + error.line, ..error })?),
            };
            groups.push(RouteForm { routes, form });
        }
        if groups.iter().all(|group| group.form.is_none()) {
            return Err(FormError { line: 1, message: "no route has a form of its own".to_owned() });
        }
        Ok(RouteForms::Differing(groups))
    }
}

impl fmt::Display for RouteForms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = match self {
            RouteForms::Same(form) => return form.fmt(f),
            RouteForms::Differing(groups) => groups,
        };
        for RouteForm { routes, form } in groups {
            routes.iter().try_for_each(|route| writeln!(f, "{ROUTE}{route}"))?;
            match form {
                Some(form) => form.fmt(f)?,
                None => writeln!(f, "{AS_DOCUMENTED}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(status: u16) -> NormalForm {
        NormalForm::parse(&format!("GET /a\n\nHTTP {status}\n")).expect("a form")
    }

    /// The forms of routes by their statuses; 0 where a route answers as documented.
    #[track_caller]
    fn check(statuses: &[(&str, u16)], text: Option<&str>) {
        let found = statuses.iter().map(|(route, status)| ((*route).to_owned(), (*status > 0).then(|| form(*status))));
        let forms = RouteForms::of(found);
        assert_eq!(forms.as_ref().map(ToString::to_string).as_deref(), text);
        let Some(forms) = forms else { return };
        assert_eq!(RouteForms::parse(&forms.to_string()), Ok(forms.clone()));
        for (route, status) in statuses {
            let expected = form(*status);
            let expected = if *status > 0 { OnRoute::Form(&expected) } else { OnRoute::AsDocumented };
            assert_eq!(forms.on(route), expected, "{route}");
        }
    }

    #[test]
    fn routes_that_agree_have_one_form_and_others_have_theirs() {
        check(&[("/a", 0), ("/b", 0)], None);
        check(&[("/a", 404), ("/b", 404)], Some("GET /a\n\nHTTP 404\n"));
        check(&[("/a", 404), ("/b", 0), ("/c", 404)], Some("== /a\n== /c\nGET /a\n\nHTTP 404\n== /b\nas documented\n"));
        check(&[("/a", 404), ("/b", 500)], Some("== /a\nGET /a\n\nHTTP 404\n== /b\nGET /a\n\nHTTP 500\n"));
    }

    #[test]
    fn a_route_that_had_not_been_asked_is_unknown() {
        let forms = RouteForms::of([("/a".to_owned(), Some(form(404))), ("/b".to_owned(), None)]).expect("drift");
        assert_eq!(forms.on("/c"), OnRoute::Unknown);
        assert_eq!(RouteForms::Same(form(404)).on("/c"), OnRoute::Form(&form(404)), "all routes are said to have it");
    }

    #[test]
    fn what_is_no_form_is_found_at_its_line() {
        let check = |text: &str, line: usize| {
            assert_eq!(RouteForms::parse(text).expect_err(text).line, line, "{text}");
        };
        check("x", 1);
        check("== /a\nas documented\n", 1);
        check("== /a\nGET /a\n\nHTTP 404\n== /b\nGET /b\n\nHTTP x\n", 8);
    }
}
