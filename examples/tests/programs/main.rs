//! Runs the programs as their users do, and looks at what they print and write.

mod box_blur;
mod npy;
mod program;
