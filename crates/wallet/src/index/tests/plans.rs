//! Every statement walks an index, and none sorts.

use sqlx::Executor;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_walks_the_index_and_never_sorts_or_scans() {
    let scene = Scene::sqlite().unwrap();
    let wallet = scene.coloured(50).await;
    let index = wallet.index().await.unwrap();
    for (what, statement) in statements(index) {
        let plan = explain(index, &statement).await;
        let shown = plan.join("\n");
        assert!(!shown.contains("TEMP B-TREE"), "{what}:\n{shown}");
        for step in plan.iter().filter(|step| step.contains("items")) {
            assert!(step.starts_with("SEARCH"), "{what}:\n{shown}");
        }
        let walks = ["ix_negotiate_terms (name=?", "(rowid=?)", "category=?"];
        assert!(
            walks.iter().any(|walk| shown.contains(walk)),
            "{what}:\n{shown}"
        );
    }
    scene.finish(wallet).await;
}

fn statements(index: &Index) -> Vec<(&'static str, String)> {
    vec![
        ("page of one term", index.block_statement(0)),
        ("page of three terms", index.block_statement(2)),
        ("jump", index.jump_statement()),
        ("count", index.count_statement()),
        ("records", index.records_statement(&[1, 2, 3])),
        ("distinct values", index.distinct_statement()),
        ("stored bytes", index.stored_statement()),
    ]
}

async fn explain(index: &Index, statement: &str) -> Vec<String> {
    let Database::Sqlite { readers, .. } = &index.database else {
        panic!("not SQLite");
    };
    let rows: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(&format!("EXPLAIN QUERY PLAN {statement}"))
            .fetch_all(readers)
            .await
            .unwrap();
    rows.into_iter().map(|(.., step)| step).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_walks_the_index_and_never_sorts_or_scans() {
    let Some(scene) = Scene::postgres() else {
        return;
    };
    let wallet = scene.coloured(2000).await;
    let index = wallet.index().await.unwrap();
    index.analyze().await.unwrap();
    let Database::Postgres(pool) = &index.database else {
        panic!("not PostgreSQL");
    };
    for (what, statement) in statements(index) {
        let mut connection = pool.acquire().await.unwrap();
        // The plan of a prepared statement whose parameters are not known.
        let prepared = format!("PREPARE explained AS {statement}");
        connection
            .execute("SET plan_cache_mode = force_generic_plan")
            .await
            .unwrap();
        connection.execute(&*prepared).await.unwrap();
        let count = (1..20)
            .rev()
            .find(|n| statement.contains(&format!("${n}")))
            .unwrap_or(0);
        let nulls = vec!["NULL"; count].join(",");
        let execute = match count {
            0 => "EXPLAIN EXECUTE explained".to_owned(),
            _ => format!("EXPLAIN EXECUTE explained ({nulls})"),
        };
        let plan: Vec<String> = sqlx::query_scalar(&execute)
            .persistent(false)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        connection.execute("DEALLOCATE explained").await.unwrap();
        let shown = plan.join("\n");
        assert!(!shown.contains("Seq Scan"), "{what}:\n{shown}");
        assert!(!shown.contains("Sort"), "{what}:\n{shown}");
    }
    scene.finish(wallet).await;
}
