//! Where an example is that is on none of its page's URL templates.

use std::cell::OnceCell;

use super::address::is_sample;
use super::page_route::comparable;
use super::template_slip::Slip;
use crate::byte_set::ByteSet;
use crate::url::Segment;

/// An example that is on none of the templates of its page, its path read once.
pub(super) struct Elsewhere {
    /// Its path, as the path of a route.
    pub(super) path: String,
    /// The path as it is compared, as soon as somebody asks.
    segments: OnceCell<Vec<String>>,
    /// Which template it should be on, if one says that.
    pub(super) placement: Placement,
}

impl Elsewhere {
    /// The example with a path, of which nothing is known yet.
    pub(super) fn of(path: String) -> Elsewhere {
        Elsewhere { path, segments: OnceCell::new(), placement: Placement::Nowhere(String::new()) }
    }

    /// The path in the form in which paths are compared.
    pub(super) fn segments(&self) -> &[String] {
        self.segments.get_or_init(|| comparable(&self.path))
    }

    /// Whether the path is so long that it is told from others as it is written, and no form of it is looked for.
    pub(super) fn is_too_long(&self) -> bool {
        self.path.len() > LONGEST_FORM
    }

    /// What is the same for examples that lack one and the same template.
    pub(super) fn form(&self, method: &str) -> String {
        let mut form = method.to_owned();
        if self.is_too_long() {
            form.push(' ');
            form.push_str(&self.path);
            return form;
        }
        for segment in self.segments() {
            form.push('/');
            if is_sample(segment) {
                form.push_str("{}");
            } else if segment.starts_with('(') || OPENINGS.find(segment).is_some() {
                form.push_str(&Segment::read(segment).unnamed());
            } else {
                form.push_str(segment);
            }
        }
        form
    }
}

/// What a segment with parameters has, unless it is one in parentheses.
const OPENINGS: ByteSet = ByteSet::of(b"{<%");

/// Where an example is that is on none of the templates of its page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Placement {
    /// It is on none, but one has another of the forms that Microsoft Graph has for the same: the line of the template, and its path.
    InOtherForm(u32, String),
    /// It is on none, because one has a slip: its line, its path, and what is wrong with it.
    OnSlip(u32, String, Slip),
    /// It is on none; with what the nearest template has, if that says why.
    Nowhere(String),
}

/// Longer paths, in bytes, are told from each other as they are written, and no form of theirs is looked for.
const LONGEST_FORM: usize = 1024;
