fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let attrs: Vec<&str> = args.iter().map(String::as_str).collect();
    let rt = tokio::runtime::Runtime::new().unwrap();
    let key = rt.block_on(indy::anoncreds::PreparedKey::generate(&attrs)).unwrap();
    println!("{}", key.with_comment("TEST KEY: its private part is public. For this project's tests only.").to_json().unwrap());
}
