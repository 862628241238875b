//! The running sum that C++ programmers get from OpenMP's `inscan`: compiled and loaded by cpp.rs.

#include <cstddef>
#include <cstdint>

// Without `restrict`: the two may be one array, and `omp simd` already promises what it would.
template <typename In, typename Out>
static inline void scan(const In* input, Out* output, std::size_t len) {
    Out sum = 0;
#pragma omp simd reduction(inscan, + : sum)
    for (std::size_t i = 0; i < len; i++) {
        sum += static_cast<Out>(input[i]);
#pragma omp scan inclusive(sum)
        output[i] = sum;
    }
}

#define SCAN(NAME, IN, OUT)                                                       \
    extern "C" void scan_##NAME(const IN* input, OUT* output, std::size_t len) { \
        scan<IN, OUT>(input, output, len);                                        \
    }

// Integers wrap, which in C++ only unsigned ones may: the sums have the same bits. What is widened keeps
// its sign: the cast to the unsigned output comes after that of the input's value.
SCAN(f64_f64, double, double)
SCAN(f32_f32, float, float)
SCAN(i64_i64, std::uint64_t, std::uint64_t)
SCAN(i32_i32, std::uint32_t, std::uint32_t)
SCAN(i16_i16, std::uint16_t, std::uint16_t)
SCAN(i8_i8, std::uint8_t, std::uint8_t)
SCAN(i8_i64, std::int8_t, std::uint64_t)
