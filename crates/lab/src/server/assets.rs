//! The embedded files, as they are: a browser loads the modules one by one.

use axum::{
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};

use crate::{INDEX, MODULES, SCRIPT_LINK, STYLE, STYLE_LINK};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// The page's style, and with it that of what is added.
const STYLE_LINKS: &str = r#"<link rel="stylesheet" href="style.css">
<link rel="stylesheet" href="served/scenario.css">"#;

/// The page's script, and the one that adds scenarios of one's own.
const SCRIPT_LINKS: &str = r#"<script type="module" src="page.js"></script>
<script type="module" src="served/scenario.js"></script>"#;

macro_rules! served {
    ($($name:literal,)*) => {
        &[$((concat!("served/", $name), include_str!(concat!("../../assets/served/", $name))),)*]
    };
}

/// What only the server has.
const SERVED: &[(&str, &str)] = served![
    "api.js",
    "files.js",
    "homes.js",
    "plans.js",
    "projector.js",
    "request-form.js",
    "scenario.css",
    "scenario.js",
    "schedule.js",
    "teacher.css",
    "teacher.js",
];

const TEACHER: &str = include_str!("../../assets/served/teacher.html");

/// Returns the page with what the server adds.
pub fn page() -> Response {
    let page = INDEX.replacen(STYLE_LINK, STYLE_LINKS, 1).replacen(SCRIPT_LINK, SCRIPT_LINKS, 1);
    ([(CONTENT_TYPE, HTML)], page).into_response()
}

/// Returns the teacher's page.
pub fn teacher() -> Response {
    ([(CONTENT_TYPE, HTML)], TEACHER).into_response()
}

/// Returns a file by its path in `assets`.
pub fn file(path: &str) -> Option<Response> {
    if path == "style.css" {
        return Some(([(CONTENT_TYPE, CSS)], STYLE).into_response());
    }
    if let Some(module) = MODULES.iter().find(|module| module.path == path) {
        return Some(script(module.text));
    }
    let (_, text) = SERVED.iter().find(|(name, _)| *name == path)?;
    let kind = if path.ends_with(".css") { CSS } else { JAVASCRIPT };
    Some(([(CONTENT_TYPE, kind)], *text).into_response())
}

/// Returns a module.
pub fn script(text: impl IntoResponse) -> Response {
    ([(CONTENT_TYPE, JAVASCRIPT)], text).into_response()
}
