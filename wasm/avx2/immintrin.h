/*
 * The AVX2 intrinsics that libopus' noise shaping quantiser uses (silk/x86/NSQ_del_dec_avx2.c), in WebAssembly SIMD: a vector
 * of 256 bits is two of 128. That quantiser holds its four delayed decisions in the four lanes of one vector, which suits 128
 * bits as well; without it every decision is computed on its own. Nothing here is general: what the file does not use is
 * missing, and where its use allows for something quicker than the instruction's exact meaning, the comment says so.
 */
#ifndef ANTIPHON_AVX2_IMMINTRIN_H
#define ANTIPHON_AVX2_IMMINTRIN_H

#include <smmintrin.h>
#include <wasm_simd128.h>

typedef struct {
  v128_t lo, hi;
} __m256i;

#define AVX2_FUNCTION static inline __attribute__((always_inline))

/* The masks of the quantiser are comparisons of 32-bit lanes, so that whole bytes are set: no need to spread their top bits. */
#define _mm_blendv_epi8(a, b, mask) ((__m128i)wasm_v128_bitselect((v128_t)(b), (v128_t)(a), (v128_t)(mask)))

/* Operations of lanes, the same in both halves. */
#define AVX2_UNARY(name, operation)                      \
  AVX2_FUNCTION __m256i name(__m256i a) {                \
    __m256i result = {operation(a.lo), operation(a.hi)}; \
    return result;                                       \
  }
#define AVX2_BINARY(name, operation)                                 \
  AVX2_FUNCTION __m256i name(__m256i a, __m256i b) {                 \
    __m256i result = {operation(a.lo, b.lo), operation(a.hi, b.hi)}; \
    return result;                                                   \
  }
#define AVX2_SHIFT(name, operation)                                  \
  AVX2_FUNCTION __m256i name(__m256i a, int bits) {                  \
    __m256i result = {operation(a.lo, bits), operation(a.hi, bits)}; \
    return result;                                                   \
  }

AVX2_UNARY(_mm256_abs_epi32, wasm_i32x4_abs)
AVX2_BINARY(_mm256_add_epi32, wasm_i32x4_add)
AVX2_BINARY(_mm256_sub_epi32, wasm_i32x4_sub)
AVX2_BINARY(_mm256_mullo_epi32, wasm_i32x4_mul)
AVX2_BINARY(_mm256_mullo_epi16, wasm_i16x8_mul)
AVX2_BINARY(_mm256_mulhi_epi16, _mm_mulhi_epi16)
AVX2_BINARY(_mm256_xor_si256, wasm_v128_xor)
AVX2_BINARY(_mm256_or_si256, wasm_v128_or)
AVX2_BINARY(_mm256_andnot_si256, _mm_andnot_si128)
AVX2_BINARY(_mm256_sign_epi32, _mm_sign_epi32)
AVX2_BINARY(_mm256_shuffle_epi8, _mm_shuffle_epi8)
AVX2_BINARY(_mm256_unpacklo_epi16, _mm_unpacklo_epi16)
AVX2_SHIFT(_mm256_slli_epi32, wasm_i32x4_shl)
AVX2_SHIFT(_mm256_srli_epi32, wasm_u32x4_shr)
AVX2_SHIFT(_mm256_srai_epi32, wasm_i32x4_shr)
AVX2_SHIFT(_mm256_slli_epi64, wasm_i64x2_shl)

AVX2_FUNCTION __m256i _mm256_blendv_epi8(__m256i a, __m256i b, __m256i mask) {
  __m256i result = {_mm_blendv_epi8(a.lo, b.lo, mask.lo), _mm_blendv_epi8(a.hi, b.hi, mask.hi)};
  return result;
}

/* Halves. */

AVX2_FUNCTION __m128i _mm256_castsi256_si128(__m256i a) { return (__m128i)a.lo; }

AVX2_FUNCTION __m256i _mm256_castsi128_si256(__m128i a) {
  __m256i result = {(v128_t)a, wasm_i32x4_const_splat(0)};
  return result;
}

AVX2_FUNCTION __m256i _mm256_set_m128i(__m128i hi, __m128i lo) {
  __m256i result = {(v128_t)lo, (v128_t)hi};
  return result;
}

AVX2_FUNCTION __m256i _mm256_broadcastsi128_si256(__m128i a) { return _mm256_set_m128i(a, a); }

#define _mm256_extracti128_si256(a, half) ((__m128i)((half) ? (a).hi : (a).lo))

/* Used with both operands the same and 1: the halves change places. */
#define _mm256_permute2x128_si256(a, b, control) _mm256_set_m128i((__m128i)(a).lo, (__m128i)(b).hi)

/* Used with 0x4E: the halves change places. */
#define _mm256_permute4x64_epi64(a, control) _mm256_set_m128i((__m128i)(a).lo, (__m128i)(a).hi)

#define _mm256_shuffle_epi32(a, control) \
  _mm256_set_m128i(_mm_shuffle_epi32((__m128i)(a).hi, control), _mm_shuffle_epi32((__m128i)(a).lo, control))

/* Constants and widening. */

AVX2_FUNCTION __m256i _mm256_set1_epi32(int value) {
  __m256i result = {wasm_i32x4_splat(value), wasm_i32x4_splat(value)};
  return result;
}

AVX2_FUNCTION __m256i _mm256_set_epi32(int h, int g, int f, int e, int d, int c, int b, int a) {
  __m256i result = {wasm_i32x4_make(a, b, c, d), wasm_i32x4_make(e, f, g, h)};
  return result;
}

#define _mm256_set_epi8(b31, b30, b29, b28, b27, b26, b25, b24, b23, b22, b21, b20, b19, b18, b17, b16, ...)      \
  _mm256_set_m128i(_mm_set_epi8(b31, b30, b29, b28, b27, b26, b25, b24, b23, b22, b21, b20, b19, b18, b17, b16),  \
                   _mm_set_epi8(__VA_ARGS__))

AVX2_FUNCTION __m256i _mm256_cvtepi16_epi32(__m128i a) {
  __m256i result = {wasm_i32x4_extend_low_i16x8((v128_t)a), wasm_i32x4_extend_high_i16x8((v128_t)a)};
  return result;
}

/*
 * The quantiser widens lanes to 64 bits only to multiply them, and multiplies only what it has widened, by a constant. So the
 * widening is left to the multiplication: both halves keep the four lanes as they are.
 */
AVX2_FUNCTION __m256i _mm256_cvtepi32_epi64(__m128i a) { return _mm256_broadcastsi128_si256(a); }

AVX2_FUNCTION __m256i _mm256_cvtepi16_epi64(__m128i a) {
  return _mm256_cvtepi32_epi64((__m128i)wasm_i32x4_extend_low_i16x8((v128_t)a));
}

/* As instructions, because clang 14 takes the intrinsics apart and ends with a multiplication of 64-bit lanes, which x86 lacks. */
AVX2_FUNCTION __m256i _mm256_mul_epi32(__m256i a, __m256i b) {
  __m256i result;
  __asm__("local.get %1\n\tlocal.get %2\n\ti64x2.extmul_low_i32x4_s\n\tlocal.set %0" : "=r"(result.lo) : "r"(a.lo), "r"(b.lo));
  __asm__("local.get %1\n\tlocal.get %2\n\ti64x2.extmul_high_i32x4_s\n\tlocal.set %0" : "=r"(result.hi) : "r"(a.hi), "r"(b.hi));
  return result;
}

/* Lanes by index. The upper half of the result is never looked at. */
AVX2_FUNCTION __m256i _mm256_permutevar8x32_epi32(__m256i a, __m256i index) {
  v128_t lanes;
  if (wasm_i32x4_extract_lane(index.lo, 0) == 1 && wasm_i32x4_extract_lane(index.lo, 1) == 3 &&
      wasm_i32x4_extract_lane(index.lo, 2) == 5 && wasm_i32x4_extract_lane(index.lo, 3) == 7) {
    /* The upper halves of four products. Their indices are a constant, so the comparison costs nothing. */
    lanes = wasm_i32x4_shuffle(a.lo, a.hi, 1, 3, 5, 7);
  } else {
    v128_t bytes = wasm_i32x4_add(wasm_i32x4_mul(index.lo, wasm_i32x4_const_splat(0x04040404)), wasm_i32x4_const_splat(0x03020100));
    v128_t upper = wasm_i8x16_sub(bytes, wasm_i8x16_const_splat(16));
    lanes = wasm_v128_or(wasm_i8x16_swizzle(a.lo, bytes), wasm_i8x16_swizzle(a.hi, upper));
  }
  __m256i result = {lanes, lanes};
  return result;
}

#endif
