//! The elements of a document, with their attributes and content as they stand in its text. A document is large, and what is in its schemas is
//! independent of each other: so much of the tree is there at a time as stands in one of them.

use quick_xml::Reader;
use quick_xml::events::Event;
use quick_xml::events::attributes::AttrError;

use super::attributes::Attributes;

/// A problem at an offset.
pub(super) struct Problem {
    pub(super) at: usize,
    pub(super) message: String,
}

pub(super) type Parsed<T> = Result<T, Problem>;

/// Elements of a document, each before those within it.
pub(super) struct Tree<'x> {
    text: &'x str,
    /// Where the document begins among those that are read together.
    start: u32,
    elements: Vec<Element>,
}

/// Offsets are small, because there are many elements, and each is looked at several times.
struct Element {
    /// Where the start tag begins, behind its bracket.
    tag: u32,
    /// Where the name begins, behind its prefix.
    name: u32,
    /// Where the name ends, and the attributes begin.
    name_end: u32,
    /// Where the start tag ends, without its last bracket.
    tag_end: u32,
    /// Where what stands between its tags ends; 0 if there is no end tag.
    content_end: u32,
    /// The position of the first element that is not within it.
    end: u32,
}

/// The attribute whose value may be any text: it stays as it is written.
const TEXT: &str = "DefaultValue";

/// One element of a tree.
#[derive(Clone, Copy)]
pub(super) struct Node<'t, 'x> {
    tree: &'t Tree<'x>,
    index: usize,
}

/// What is read of a document, one after another. Each has the names of the elements around it, the outermost first, without the root.
pub(super) enum Part<'t, 'x> {
    /// The start tag of a schema, or of what is included.
    Start([&'x str; 1], Node<'t, 'x>),
    /// A whole element of a schema.
    Whole([&'x str; 2], Node<'t, 'x>),
}

impl<'x> Tree<'x> {
    /// Reads a document in one pass, in which `visit` takes its parts.
    pub(super) fn read(text: &'x str, start: u32, mut visit: impl FnMut(Part<'_, 'x>) -> Parsed<()>) -> Parsed<()> {
        let mut reader = Reader::from_str(text);
        // Between elements there are line ends and blanks, which say nothing: without them there is half as much to read.
        reader.config_mut().trim_text_start = true;
        let mut tree = Tree { text, start, elements: Vec::new() };
        // The positions of the elements that have not ended yet.
        let mut open: Vec<usize> = Vec::new();
        loop {
            let before = offset(reader.buffer_position());
            let event = reader.read_event().map_err(|cause| {
                let at = offset(reader.error_position());
                Problem { at: if at == 0 { offset(reader.buffer_position()) } else { at }, message: cause.to_string() }
            })?;
            let here = offset(reader.buffer_position());
            let is_open = matches!(event, Event::Start(_));
            match event {
                Event::Start(start) | Event::Empty(start) => {
                    let (tag, index, name) = (offset_in(text, &start), tree.elements.len(), start.name().0);
                    let prefix = name.bytes().position(|byte| byte == b':').map_or(0, |colon| colon + 1);
                    tree.elements.push(Element {
                        tag: small(tag),
                        name: small(tag + prefix),
                        name_end: small(tag + name.len()),
                        tag_end: small(tag + start.len()),
                        content_end: 0,
                        end: small(index + 1),
                    });
                    match *open {
                        [] => tree.node(index).check_root(is_open)?,
                        [_, section] => visit(Part::Start([tree.node(section).name()], tree.node(index)))?,
                        [_, section, owner] if !is_open => tree.visit_whole([section, owner, index], &mut visit)?,
                        _ => {}
                    }
                    open.extend(is_open.then_some(index));
                }
                Event::End(_) => {
                    let end = small(tree.elements.len());
                    // The reader takes no end tag without its start tag.
                    let Some(index) = open.pop() else { continue };
                    let element = &mut tree.elements[index];
                    (element.content_end, element.end) = (small(before), end);
                    if let [_, section, owner] = *open {
                        tree.visit_whole([section, owner, index], &mut visit)?;
                    }
                }
                Event::Eof if !open.is_empty() => {
                    let message = "the document ends within an element; it is not complete".to_owned();
                    return Err(Problem { at: here, message });
                }
                Event::Eof if tree.elements.is_empty() => return Err(not_csdl(0, "it has no element")),
                Event::Eof => return Ok(()),
                Event::Text(own) if open.is_empty() && !own.trim_ascii().is_empty() => {
                    return Err(not_csdl(offset_in(text, own.trim_ascii_start()), "there is text outside of elements"));
                }
                _ => {}
            }
        }
    }

    /// Gives an element away with what is in it.
    fn visit_whole(
        &mut self,
        [section, owner, index]: [usize; 3],
        visit: &mut impl FnMut(Part<'_, 'x>) -> Parsed<()>,
    ) -> Parsed<()> {
        let around = [section, owner].map(|index| self.node(index).name());
        visit(Part::Whole(around, self.node(index)))?;
        self.elements.truncate(index);
        Ok(())
    }

    fn node(&self, index: usize) -> Node<'_, 'x> {
        Node { tree: self, index }
    }

    /// What stands between two offsets.
    fn part(&self, start: u32, end: u32) -> &'x str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

impl<'t, 'x> Node<'t, 'x> {
    /// Whether an element outside of all others is the root of a CSDL document: before the rest is read, which may be of any kind.
    fn check_root(self, is_open: bool) -> Parsed<()> {
        let Element { tag, name_end, .. } = *self.element();
        let (at, name) = (self.offset(), self.tree.part(tag, name_end));
        if self.index > 0 {
            return Err(Problem { at, message: format!("a second root element, <{name}>") });
        }
        if !is_open || self.name() != "Edmx" {
            return Err(not_csdl(at, &format!("its root element is <{name}>")));
        }
        // Section 3.1: earlier versions have other elements.
        match self.attributes(["Version"])? {
            [Some(version)] if !version.starts_with("4.") => {
                Err(not_csdl(at, &format!("it is of version {version}, and versions from 4.0 on are read")))
            }
            _ => Ok(()),
        }
    }

    fn element(self) -> &'t Element {
        &self.tree.elements[self.index]
    }

    /// The name without its prefix.
    pub(super) fn name(self) -> &'x str {
        self.tree.part(self.element().name, self.element().name_end)
    }

    /// Where it begins, in all documents that are read together.
    pub(super) fn at(self) -> u32 {
        // They are not larger than that.
        self.tree.start.saturating_add(self.element().tag.saturating_sub(1))
    }

    /// Where it begins in its document.
    pub(super) fn offset(self) -> usize {
        self.element().tag.saturating_sub(1) as usize
    }

    /// What stands between its tags.
    pub(super) fn content(self) -> &'x str {
        let Element { tag_end, content_end, .. } = *self.element();
        self.tree.part(tag_end.saturating_add(1), content_end)
    }

    /// The elements directly within it.
    pub(super) fn children(self) -> impl Iterator<Item = Node<'t, 'x>> {
        let at = move |index: usize| (index < self.element().end as usize).then_some(Node { index, ..self });
        std::iter::successors(at(self.index + 1), move |node| at(node.element().end as usize))
    }

    /// Those of a name.
    pub(super) fn children_called(self, name: &str) -> impl Iterator<Item = Node<'t, 'x>> {
        self.children().filter(move |node| node.name() == name)
    }

    /// The values of the attributes of these names, as they stand in the text. But for [`TEXT`], they are names, types and paths, which
    /// are identifiers and signs between them (section 15), so that nothing in them has to be written as a reference; a model that
    /// borrows the text cannot resolve one.
    pub(super) fn attributes<const N: usize>(self, names: [&str; N]) -> Parsed<[Option<&'x str>; N]> {
        let mut found = Found { names, values: [None; N], next: 0 };
        let mut attributes = self.plain_attributes();
        loop {
            let expected = names.get(found.next).filter(|_| found.values[found.next].is_none());
            if let Some(value) = expected.and_then(|name| attributes.next_called(name)) {
                found.values[found.next] = Some(value);
                found.next += 1;
            } else if let Some((name, value)) = attributes.next_plain() {
                found.take(self, name, value)?;
            } else {
                break;
            }
        }
        if attributes.is_empty() {
            return Ok(found.values);
        }
        for attribute in attributes.others() {
            let (name, value) = attribute.map_err(|cause| self.broken_attribute(&cause))?;
            found.take(self, name, value)?;
        }
        Ok(found.values)
    }

    /// The value of the attribute of a name, as it stands in the text, if there is one.
    pub(super) fn attribute(self, name: &str) -> Option<&'x str> {
        let mut attributes = self.plain_attributes();
        while let Some((own, value)) = attributes.next_plain() {
            if own == name {
                return Some(value);
            }
        }
        attributes.others().flatten().find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    /// The names and values of all attributes.
    pub(super) fn all_attributes(self) -> Parsed<Vec<(&'x str, &'x str)>> {
        let mut attributes = self.plain_attributes();
        let mut found: Vec<(&'x str, &'x str)> = std::iter::from_fn(|| attributes.next_plain()).collect();
        for attribute in attributes.others() {
            found.push(attribute.map_err(|cause| self.broken_attribute(&cause))?);
        }
        Ok(found)
    }

    fn plain_attributes(self) -> Attributes<'x> {
        let Element { tag, name_end, tag_end, .. } = *self.element();
        Attributes::new(self.tree.part(tag, tag_end), (name_end - tag) as usize)
    }

    fn broken_attribute(self, cause: &AttrError) -> Problem {
        let (at, message) = match cause {
            AttrError::ExpectedEq(at) => (at, "an attribute has no `=` and no value"),
            AttrError::ExpectedValue(at) => (at, "an attribute has no value"),
            AttrError::UnquotedValue(at) => (at, "the value of an attribute is not in quotation marks"),
            AttrError::ExpectedQuote(at, _) => (at, "the quotation mark at the end of an attribute's value is missing"),
            AttrError::Duplicated(at, _) => (at, "an attribute stands twice"),
        };
        Problem { at: self.element().tag as usize + at, message: message.to_owned() }
    }
}

/// The values of the attributes that are looked for.
struct Found<'n, 'x, const N: usize> {
    names: [&'n str; N],
    values: [Option<&'x str>; N],
    /// The name that comes next if the attributes are in the order of the names, as they mostly are.
    next: usize,
}

impl<'x, const N: usize> Found<'_, 'x, N> {
    #[inline]
    fn take(&mut self, node: Node<'_, 'x>, name: &'x str, value: &'x str) -> Parsed<()> {
        let is_next = self.names.get(self.next) == Some(&name);
        let index = if is_next { Some(self.next) } else { self.names.iter().position(|own| *own == name) };
        let Some(index) = index else { return Ok(()) };
        self.next = index + 1;
        // Hardly any value has one, and a search by bytes is cheaper for what is short.
        if value.as_bytes().contains(&b'&') && name != TEXT {
            return Err(node.has_reference(value));
        }
        if self.values[index].replace(value).is_some() {
            let message = format!("the attribute `{name}` stands twice");
            return Err(Problem { at: offset_in(node.tree.text, name), message });
        }
        Ok(())
    }
}

impl<'x> Node<'_, 'x> {
    fn has_reference(self, value: &'x str) -> Problem {
        let (before, rest) = value.split_once('&').unwrap_or((value, ""));
        let reference: String = rest.split_inclusive(';').next().unwrap_or_default().chars().take(11).collect();
        let message =
            format!("a name, type or path is written with the reference `&{reference}`; write the character itself");
        Problem { at: offset_in(self.tree.text, value) + before.len(), message }
    }
}

/// Where a part of a text is in it.
fn offset_in(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// Documents are not larger than that.
fn small(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn not_csdl(at: usize, why: &str) -> Problem {
    Problem {
        at,
        message: format!("this is not a CSDL document in XML: {why}; `$metadata` of the service answers with one"),
    }
}
