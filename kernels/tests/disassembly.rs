//! The row kernels, disassembled: loops without calls, in the registers of their instruction set.
//!
//! Whatever stands between the dispatch and an intrinsic must be inlined, or each intrinsic becomes a
//! call. The compiler does not say when it stops doing so; this test does.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use iced_x86::{Decoder, DecoderOptions, FlowControl, Instruction, Register};
use lanesum_kernels::{Backend, Element, Summation, cumsum};
use object::{Object, ObjectSection, ObjectSymbol};

/// Keeps the kernels of `A` in the executable.
fn link<A: Element>() {
    let mut out = [A::default(); 1];
    cumsum::<A, A, A>(Backend::best(), Summation::Blocked, &[A::default()], &mut out);
}

/// The name and the instructions of each row kernel in this executable.
fn kernels() -> Vec<(String, Vec<Instruction>)> {
    link::<f32>();
    link::<f64>();
    link::<u8>();
    link::<u16>();
    link::<u32>();
    link::<u64>();
    let path = std::env::current_exe().unwrap();
    let bytes = std::fs::read(path).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let mut kernels = Vec::new();
    for symbol in file.symbols().filter(|symbol| symbol.size() > 0) {
        let Some(name) = kernel_name(symbol.name().unwrap_or_default()) else { continue };
        let section = file.section_by_index(symbol.section_index().unwrap()).unwrap();
        let code = section.data_range(symbol.address(), symbol.size()).unwrap().unwrap();
        let decoder = Decoder::with_ip(64, code, symbol.address(), DecoderOptions::NONE);
        kernels.push((name, decoder.into_iter().collect()));
    }
    kernels
}

/// `avx2::f32` for the mangled name of `lanesum_kernels::arch::avx2::f32::row`.
///
/// In both manglings of Rust such a path is a row of names, each after its length.
fn kernel_name(symbol: &str) -> Option<String> {
    let (_, path) = symbol.split_once("15lanesum_kernels4arch")?;
    expected_names().into_iter().find(|name| {
        let mangled: String =
            name.split("::").chain(["row"]).map(|name| format!("{}{name}", name.len())).collect();
        path.starts_with(&mangled)
    })
}

fn expected_names() -> Vec<String> {
    let types = ["f32", "f64", "u16", "u32", "u64", "u8"];
    let of = |backend| types.map(|ty| format!("{backend}::{ty}"));
    [of("avx2"), of("avx512")].concat()
}

#[test]
fn every_kernel_is_found() {
    let mut names: Vec<String> = kernels().into_iter().map(|(name, _)| name).collect();
    names.sort();
    assert_eq!(names, expected_names());
}

#[test]
fn no_kernel_calls() {
    for (name, instructions) in kernels() {
        for instruction in &instructions {
            let flow = instruction.flow_control();
            assert!(
                !matches!(flow, FlowControl::Call | FlowControl::IndirectCall),
                "{name} calls at {:#x}: {instruction}",
                instruction.ip(),
            );
        }
    }
}

#[test]
fn every_kernel_has_its_loop() {
    for (name, instructions) in kernels() {
        // A loop is what a backward branch jumps over. The hot ones store whole registers.
        let loops = instructions.iter().filter(|branch| {
            branch.flow_control() == FlowControl::ConditionalBranch
                && branch.near_branch_target() < branch.ip()
                && instructions.iter().any(|instruction| {
                    (branch.near_branch_target()..branch.ip()).contains(&instruction.ip())
                        && stores_register(instruction, name.starts_with("avx512"))
                })
        });
        // Out of place and in place; floats have one more of each, with the offset.
        let expected = if name.contains("::f") { 4 } else { 2 };
        let count = loops.count();
        assert!(count >= expected, "{name} has {count} loops that store registers");
    }
}

fn stores_register(instruction: &Instruction, wide: bool) -> bool {
    let register: Register = instruction.op1_register();
    instruction.memory_base() != Register::RSP
        && instruction.op0_kind() == iced_x86::OpKind::Memory
        && if wide { register.is_zmm() } else { register.is_ymm() }
}
