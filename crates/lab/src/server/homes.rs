//! The homes that a teacher watches, as `negotiate-proof progress` reads them.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::{
    program::{Program, Work},
    refusal::Refusal,
};

/// For how long an answer is given again, however many pages ask.
const MAX_AGE: Duration = Duration::from_secs(2);

/// The homes of a directory.
pub struct Homes {
    directory: Option<PathBuf>,
    program: Option<Arc<Program>>,
    last: Mutex<Option<(Instant, Value)>>,
}

impl Homes {
    /// Returns the homes of a directory, or none.
    pub fn new(directory: Option<PathBuf>, program: Option<Arc<Program>>) -> Self {
        Self { directory, program, last: Mutex::default() }
    }

    /// Returns how far each home has come. The homes are not changed.
    pub async fn read(&self) -> Result<Value, Refusal> {
        let Some(directory) = &self.directory else {
            return Ok(json!({"homes": null, "advice": "start the lab with --homes DIR"}));
        };
        let mut last = self.last.lock().await;
        if let Some((_, answer)) = last.as_ref().filter(|(at, _)| at.elapsed() < MAX_AGE) {
            return Ok(answer.clone());
        }
        let answer = self.ask(directory).await?;
        *last = Some((Instant::now(), answer.clone()));
        Ok(answer)
    }

    async fn ask(&self, directory: &Path) -> Result<Value, Refusal> {
        let Some(program) = &self.program else {
            return Err(Refusal::unavailable(
                "there is no negotiate-proof beside the lab; build it with `cargo build --release`",
            ));
        };
        // the path is absolute
        let shown = directory.display().to_string();
        let arguments = ["progress", &shown, "--json"];
        let ended = program.run(Work::Quick, Path::new("."), &arguments).await?;
        if ended.code != Some(0) {
            return Err(Refusal::failed(ended.failure()));
        }
        let lines = ended.output.lines().filter_map(|line| serde_json::from_str(line).ok());
        let homes: Vec<Value> = lines
            .map(|mut line: Value| {
                let home = PathBuf::from(line["home"].as_str().unwrap_or_default());
                let name = home.file_name().unwrap_or_default().to_string_lossy();
                line["name"] = json!(name);
                line
            })
            .collect();
        Ok(json!({"homes": homes, "command": "negotiate-proof progress DIR"}))
    }
}
