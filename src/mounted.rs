//! A page that is shown.
#![expect(
    clippy::disallowed_types,
    reason = "what `#[wasm_bindgen]` writes for an exported type"
)]

use std::{any::Any, cell::RefCell, mem, rc::Rc};

use gloo_timers::callback::Timeout;
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

use crate::{app::App, crash, runtime::Dispatcher};

/// A page that is shown. It stays when nobody holds this any more.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Mounted(Option<Parts>);

#[derive(Debug)]
struct Parts {
    dispatcher: Dispatcher,
    /// What unmounts the view when it is dropped.
    view: Rc<RefCell<Option<Box<dyn Any>>>>,
    drawing: Timeout,
    guard: crash::Guard,
}

impl Mounted {
    /// Draws what the dispatcher has to show, after what it has begun with: keys are sent first, and a
    /// session that is there already is what is drawn first. Until then, what was in `host` stays.
    pub(crate) fn new(host: HtmlElement, dispatcher: Dispatcher) -> Self {
        let view = Rc::new(RefCell::new(None));
        let guard = crash::Guard::new(host.clone().into());
        let drawing = {
            let (view, dispatcher) = (view.clone(), dispatcher.clone());
            Timeout::new(0, move || {
                host.replace_children_with_node_0();
                let page = dispatcher.clone();
                let handle = mount_to(host, move || view! { <App dispatcher=page /> });
                dispatcher.drawn();
                let handle: Box<dyn Any> = Box::new(handle);
                view.replace(Some(handle));
            })
        };
        Self(Some(Parts {
            dispatcher,
            view,
            drawing,
            guard,
        }))
    }
}

#[wasm_bindgen]
impl Mounted {
    /// Takes the page away: requests, timers, streams and listeners end, and an open window is closed.
    pub fn unmount(mut self) {
        if let Some(parts) = self.0.take() {
            parts.dispatcher.end();
            drop((parts.drawing, parts.guard, parts.view.take()));
        }
    }
}

impl Drop for Mounted {
    /// JavaScript's garbage collector drops what a loader did not keep.
    fn drop(&mut self) {
        mem::forget(self.0.take());
    }
}
