//! One response, posted many times at once: it is accepted once.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    thread,
};

use anyhow::{Context, Result, ensure};

use crate::{
    random::Random,
    world::{Counts, Server, World, accepted, request},
};

pub fn round(world: &World, random: &mut Random, counts: &mut Counts) -> Result<()> {
    let place = world.begin(&["alex", "bank", "registry", "criteria.json"])?;
    let (port, id) = request(world, &place)?;
    world.respond_in_file(&place)?.expect(&[0])?;
    let body = fs::read(place.join("response.json"))?;
    let server = Server::start(world, &place, port)?;
    let posts = 2 + random.below(49);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let threads: Vec<_> = (0..posts).map(|_| scope.spawn(|| post(port, &id, &body))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Ok(0)))
            .collect::<Result<_>>()
    })?;
    let good = statuses.iter().filter(|status| (200..300).contains(*status)).count();
    ensure!(good == 1, "{good} of {posts} posts were accepted: {statuses:?}");
    let others = statuses.iter().all(|status| [200, 201, 204, 409, 410, 429, 503].contains(status));
    ensure!(others, "{statuses:?}");
    drop(server);
    let _server = Server::start(world, &place, port)?;
    let status = post(port, &id, &body)?;
    ensure!(status >= 400, "it was accepted again after a restart");
    ensure!(accepted(&place)? == 1, "{} are stored", accepted(&place)?);
    *counts.entry("responses posted at once, accepted once".to_owned()).or_default() += 1;
    *counts.entry("posts".to_owned()).or_default() += posts as u64 + 1;
    Ok(())
}

/// Posts a response; returns the status.
fn post(port: u16, id: &str, body: &[u8]) -> Result<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let head = format!(
        "POST /responses/{id} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    // a busy server may answer before it has read all
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1).context("an answer without a status")?;
    Ok(status.parse()?)
}
