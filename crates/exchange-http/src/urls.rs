//! The URLs of a server.

use url::Url;

/// Returns the URL at which a server publishes the request with this id.
pub fn request_url(server: &Url, id: &str) -> Url {
    below(server, "requests", id)
}

/// Returns the `proofURL` of the request with this id at a server.
pub fn response_url(server: &Url, id: &str) -> Url {
    below(server, "responses", id)
}

fn below(server: &Url, kind: &str, id: &str) -> Url {
    let mut url = server.clone();
    url.set_query(None);
    url.set_fragment(None);
    // a URL without a path, such as `data:`, is not a server's
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().push(kind).push(id);
    }
    url
}
