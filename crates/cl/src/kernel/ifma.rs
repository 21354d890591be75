//! Eight numbers side by side, in limbs of 52 bits, where the processor has AVX-512 IFMA.
