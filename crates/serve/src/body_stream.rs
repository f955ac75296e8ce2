//! A body that is passed on as it comes, whole or in frames.

use std::error::Error;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::Stream as _;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

/// A body that is passed on as it comes: what is there of it, and what follows.
#[derive(Debug)]
pub struct BodyStream {
    first: Bytes,
    /// A body in frames can be sent from one thread to another, and not shared; what sends requests asks for both.
    rest: Option<Mutex<BodyDataStream>>,
    /// How many bytes follow, if that is known.
    following: Option<u64>,
    passed: Passed,
}

/// How many bytes of what follows have been passed on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Passed(Arc<AtomicU64>);

impl Passed {
    pub(crate) fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl BodyStream {
    /// A body that something else receives.
    pub fn new<B>(body: B) -> BodyStream
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let following = body.size_hint().exact();
        BodyStream::following(Bytes::new(), Body::new(body).into_data_stream(), following)
    }

    /// A body that begins so, and of which so many bytes follow.
    pub(crate) fn following(first: Bytes, rest: BodyDataStream, following: Option<u64>) -> BodyStream {
        BodyStream { first, rest: Some(Mutex::new(rest)), following, passed: Passed::default() }
    }

    /// All of the body, where it is there; otherwise the body as it comes.
    ///
    /// # Errors
    ///
    /// When more follows.
    pub fn whole(self) -> Result<Bytes, BodyStream> {
        if self.rest.is_none() { Ok(self.first) } else { Err(self) }
    }

    /// What comes next; `None` at the end.
    ///
    /// # Errors
    ///
    /// When the body breaks off.
    pub async fn next(&mut self) -> Option<Result<Bytes, axum::Error>> {
        std::future::poll_fn(|context| self.poll_next(context)).await
    }

    /// How many bytes the body has, if that is known.
    pub(crate) fn length(&self) -> Option<u64> {
        match self.rest {
            None => Some(self.first.len() as u64),
            Some(_) => self.following.map(|following| following + self.first.len() as u64),
        }
    }

    /// Counts what is passed on.
    pub(crate) fn passed(&self) -> Passed {
        self.passed.clone()
    }

    /// The same body with what was taken from its front, up to here.
    #[must_use]
    pub(crate) fn preceded_by(self, first: Bytes) -> BodyStream {
        BodyStream { first, ..self }
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, axum::Error>>> {
        if !self.first.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.first))));
        }
        let Some(rest) = &mut self.rest else { return Poll::Ready(None) };
        let polled = Pin::new(rest.get_mut().unwrap_or_else(PoisonError::into_inner)).poll_next(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.passed.0.fetch_add(frame.len() as u64, Ordering::Relaxed);
            self.following = self.following.map(|own| own.saturating_sub(frame.len() as u64));
        }
        polled
    }
}

impl From<Bytes> for BodyStream {
    fn from(first: Bytes) -> BodyStream {
        BodyStream { first, rest: None, following: None, passed: Passed::default() }
    }
}

impl HttpBody for BodyStream {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.poll_next(context).map(|next| next.map(|frame| frame.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_empty() && self.rest.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.length().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
