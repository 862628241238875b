//! The kernels, disassembled: loops without calls, in the registers of their instruction set.
//!
//! Whatever stands between the dispatch and an intrinsic must be inlined, or each intrinsic becomes a
//! call. The compiler does not say when it stops doing so; this test does.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::ops::Range;

use iced_x86::{Decoder, DecoderOptions, FlowControl, Instruction, Mnemonic, OpKind, Register};
use lanesum_kernels::{Arrays, Backend, Element, Layout, Spec, Stores, Summation, cumsum};
use object::{Object, ObjectSection, ObjectSymbol, RelocationTarget};

/// Keeps the kernels of `A` in the executable.
fn link<A: Element>() {
    let (input, mut out) = ([A::default()], [A::default()]);
    for summation in [Summation::Blocked, Summation::Sequential, Summation::Compensated] {
        let spec = Spec::<A>::new(Backend::best(), summation, Stores::Cached);
        let layout = Layout { offset: 0, shape: &[1, 1], strides: &[1, 1] };
        for axis in [None, Some(0)] {
            let arrays = Arrays::copy((&input, layout), (&mut out, layout), axis);
            assert_eq!(cumsum::<A, A, A>(&spec, arrays), Ok(()));
        }
        assert_eq!(cumsum::<A, A, A>(&spec, Arrays::slices(&input, &mut out)), Ok(()));
    }
}

/// The name and the instructions of each kernel in this executable.
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

/// `avx2::f32::row` for the mangled name of `lanesum_kernels::dispatch::table::avx2::f32::row::row`.
///
/// In both manglings of Rust such a path is a row of names, each after its length.
fn kernel_name(symbol: &str) -> Option<String> {
    let (_, path) = symbol.split_once("15lanesum_kernels8dispatch5table")?;
    expected_names().into_iter().find(|name| {
        let (_, function) = name.rsplit_once("::").unwrap();
        let names = name.split("::").chain([function]);
        let mangled: String = names.map(|name| format!("{}{name}", name.len())).collect();
        path.starts_with(&mangled)
    })
}

fn expected_names() -> Vec<String> {
    let mut names = Vec::new();
    for isa in ["avx2", "avx512"] {
        for ty in ["f32", "f64", "u16", "u32", "u64", "u8"] {
            // Floats have an order to keep, and are transposed as integers.
            let of_type = if ty.starts_with('f') { "running_panel" } else { "transpose" };
            for kernel in ["interleaved", "panel", "segmented", of_type] {
                names.push(format!("{isa}::{ty}::{kernel}"));
            }
            // Two of each: one stores past the cache.
            for kernel in ["row", "rows"] {
                names.extend([(); 2].map(|()| format!("{isa}::{ty}::{kernel}")));
            }
        }
        for kernel in ["compensated_panel", "compensated_row", "widened_row"] {
            names.push(format!("{isa}::f64::{kernel}"));
        }
    }
    names.sort();
    names
}

#[test]
fn every_kernel_is_found() {
    let mut names: Vec<String> = kernels().into_iter().map(|(name, _)| name).collect();
    names.sort();
    assert_eq!(names, expected_names());
}

#[test]
fn no_kernel_calls() {
    let imports = imports();
    for (name, instructions) in kernels() {
        // Before and after their loops, three of them fill tables and copy what is left: there they may
        // call, and what looks like a loop there may call `memcpy`.
        let prepares = ["segmented", "interleaved", "compensated_row"];
        let prepares = prepares.iter().any(|kernel| name.ends_with(kernel));
        let loops = hot_loops(&name, &instructions);
        let is_import = |operand: &Instruction| {
            operand.is_ip_rel_memory_operand() && imports.contains(&operand.ip_rel_memory_address())
        };
        // The address may be kept in a register: what was last put there, as the code lies.
        let is_import_in_register = |call: &Instruction| {
            call.op0_kind() == OpKind::Register
                && instructions
                    .iter()
                    .rev()
                    .skip_while(|before| before.ip() >= call.ip())
                    .filter(|before| before.mnemonic() == Mnemonic::Mov)
                    .find(|before| before.op0_register() == call.op0_register())
                    .is_some_and(is_import)
        };
        let may_call = |call: &Instruction| {
            let is_hot = loops.iter().any(|at| at.contains(&call.ip()));
            prepares && (is_import(call) || is_import_in_register(call) || !is_hot)
        };
        for instruction in &instructions {
            let flow = instruction.flow_control();
            assert!(
                !matches!(flow, FlowControl::Call | FlowControl::IndirectCall)
                    || may_call(instruction),
                "{name} calls at {:#x}: {instruction}",
                instruction.ip(),
            );
        }
    }
}

/// Where this executable keeps the addresses of functions of the C library.
fn imports() -> Vec<u64> {
    let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let relocations = file.dynamic_relocations().into_iter().flatten();
    relocations
        .filter(|(_, relocation)| matches!(relocation.target(), RelocationTarget::Symbol(_)))
        .map(|(address, _)| address)
        .collect()
}

#[test]
fn every_kernel_has_its_loop() {
    for (name, instructions) in kernels() {
        let is_float = name.contains("::f");
        let expected = match name.rsplit("::").next() {
            // Floats have one more, with the offset.
            Some("row" | "rows" | "panel") if is_float => 2,
            _ => 1,
        };
        let count = hot_loops(&name, &instructions).len();
        assert!(count >= expected, "{name} has {count} loops that store registers");
    }
}

/// The addresses of the innermost loops that store whole registers. A loop is what a backward branch
/// jumps over.
fn hot_loops(name: &str, instructions: &[Instruction]) -> Vec<Range<u64>> {
    let branches = instructions.iter().filter(|branch| {
        branch.flow_control() == FlowControl::ConditionalBranch
            && branch.near_branch_target() < branch.ip()
    });
    let stores = |addresses: &Range<u64>| {
        instructions.iter().any(|instruction| {
            addresses.contains(&instruction.ip()) && stores_register(instruction, name)
        })
    };
    let loops: Vec<_> = branches
        .map(|branch| branch.near_branch_target()..branch.ip())
        .filter(|addresses| stores(addresses))
        .collect();
    let is_innermost = |outer: &&Range<u64>| {
        !loops
            .iter()
            .any(|inner| inner != *outer && outer.start <= inner.start && inner.end <= outer.end)
    };
    loops.iter().filter(is_innermost).cloned().collect()
}

/// Whether this stores a register of the width that the kernel works in.
fn stores_register(instruction: &Instruction, name: &str) -> bool {
    let register: Register = instruction.op1_register();
    // Bytes and, with AVX2, words are shuffled in registers of 128 bits.
    let shuffles =
        ["interleaved", "segmented", "transpose"].iter().any(|kernel| name.ends_with(kernel));
    let bytes = name.contains("::u8::") || name.contains("::u16::") && shuffles;
    instruction.memory_base() != Register::RSP
        && instruction.op0_kind() == OpKind::Memory
        && match name {
            _ if shuffles && bytes => register.is_xmm() || register.is_zmm(),
            // It stores `f32` of registers of `f64`.
            "avx512::f64::widened_row" => register.is_ymm(),
            "avx2::f64::widened_row" => register.is_xmm(),
            _ if name.starts_with("avx512") => register.is_zmm(),
            _ => register.is_ymm(),
        }
}
