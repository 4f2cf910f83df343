//! What a program pays that uses only constants: nothing.

use crate::networks;
use crate::workspace::{Result, Workspace};

/// Builds programs that print a count, and one that prints the table.
pub(crate) fn run() -> Result<()> {
    let source = networks::ALL[3];
    let call = format!("shapewise::network! {{ {} }}\n", source.items(1000));
    let name = source.type_name;
    let programs = [
        (
            "number",
            "fn main() { println!(\"{}\", std::hint::black_box(25_557_032_u64)); }".to_owned(),
        ),
        (
            "constant",
            format!(
                "{call} fn main() {{ println!(\"{{}}\", std::hint::black_box({name}::PARAMS)); }}"
            ),
        ),
        (
            "summary",
            format!("{call} fn main() {{ println!(\"{{}}\", {name}::summary()); }}"),
        ),
    ];
    let workspace = Workspace::new("size")?;
    workspace.of(&programs.each_ref().map(|(program, _)| *program))?;
    for (program, text) in &programs {
        workspace.package(program, *program != "number", "main.rs")?;
        workspace.write(program, "main.rs", text)?;
    }
    workspace.cargo(&["build", "--release"])?;
    println!("release binaries, bytes, and whether a layer's path is in them");
    let mut traces = Vec::new();
    for (program, _) in &programs {
        let bytes = std::fs::read(workspace.made(&format!("release/{program}")))?;
        // A segment of a path of the graph, and the name of the report's code.
        let graph = contains(&bytes, b"layer3.5.conv2");
        let report = contains(&bytes, b"shapewise_core");
        println!(
            "{program:10} {:9} graph {graph:5} code {report}",
            bytes.len()
        );
        traces.push((graph, report));
    }
    match traces.as_slice() {
        [(false, false), (false, false), (true, _)] => Ok(()),
        _ => Err("a program that uses only constants has parts of the graph or the reports".into()),
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
