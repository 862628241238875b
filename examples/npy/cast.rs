//! From the bytes of a file to numbers of the dtype that is summed in.
//!
//! In two steps: to the widest number of its kind, which has room for it as it is, and from there by the
//! rules of `as`. So there are as many functions as there are types that are stored, and four times as
//! many as there are types that are summed in; not as many as there are pairs.

use bytemuck::Pod;
use half::f16;
use lanesum::Element;
use num_complex::Complex;

use crate::dtype::{Dtype, Stored};

/// Appends the numbers that have these bytes.
pub(crate) type Widen<W> = fn(&[u8], &mut Vec<W>);

/// How the elements of a file become the widest numbers of their kind.
pub(crate) enum ToWidest {
    Int(Widen<i64>),
    Uint(Widen<u64>),
    Float(Widen<f64>),
    Complex(Widen<Complex<f64>>),
}

impl ToWidest {
    pub(crate) fn of(stored: Stored) -> Self {
        match stored.number() {
            Dtype::Int8 => Self::Int(widen::<i8, _>),
            Dtype::Int16 => Self::Int(widen::<i16, _>),
            Dtype::Int32 => Self::Int(widen::<i32, _>),
            Dtype::Int64 => Self::Int(widen::<i64, _>),
            Dtype::Uint8 => Self::Uint(widen::<u8, _>),
            Dtype::Uint16 => Self::Uint(widen::<u16, _>),
            Dtype::Uint32 => Self::Uint(widen::<u32, _>),
            Dtype::Uint64 => Self::Uint(widen::<u64, _>),
            Dtype::Float16 => Self::Float(widen::<f16, _>),
            Dtype::Float32 => Self::Float(widen::<f32, _>),
            Dtype::Float64 => Self::Float(widen::<f64, _>),
            Dtype::Complex64 => Self::Complex(widen::<Complex<f32>, _>),
            Dtype::Complex128 => Self::Complex(widen::<Complex<f64>, _>),
        }
    }
}

fn widen<T: Element + Pod, W: Element>(bytes: &[u8], wide: &mut Vec<W>) {
    let elements = bytes.chunks_exact(size_of::<T>());
    wide.extend(elements.map(|bytes| W::cast_from(bytemuck::pod_read_unaligned::<T>(bytes))));
}

/// Turns the bytes of each number of `size` bytes around.
pub(crate) fn swap(bytes: &mut [u8], size: usize) {
    fn chunks<const N: usize>(bytes: &mut [u8]) {
        bytes.as_chunks_mut::<N>().0.iter_mut().for_each(|number| number.reverse());
    }
    match size {
        2 => chunks::<2>(bytes),
        4 => chunks::<4>(bytes),
        8 => chunks::<8>(bytes),
        // One byte is in any order.
        _ => {}
    }
}
