package dev.harpia.nn.io.onnx;

/**
 * Floating-point formats of eight and sixteen bits: their bits read, and numbers rounded to them.
 */
final class NarrowFloats {
  private NarrowFloats() {}

  private static int mantissa(OnnxType t) {
    return t == OnnxType.FLOAT8E5M2 || t == OnnxType.FLOAT8E5M2FNUZ ? 2 : 3;
  }

  private static int bias(OnnxType t) {
    return switch (t) {
      case FLOAT8E4M3FN -> 7;
      case FLOAT8E4M3FNUZ -> 8;
      case FLOAT8E5M2 -> 15;
      default -> 16;
    };
  }

  private static boolean unsignedZero(OnnxType t) {
    return t == OnnxType.FLOAT8E4M3FNUZ || t == OnnxType.FLOAT8E5M2FNUZ;
  }

  private static float largest(OnnxType t) {
    return switch (t) {
      case FLOAT8E4M3FN -> 448;
      case FLOAT8E4M3FNUZ -> 240;
      default -> 57344;
    };
  }

  /** The number that eight bits stand for. */
  static float decode(byte bits, OnnxType t) {
    int b = bits & 0xFF;
    int m = mantissa(t);
    int exponent = (b & 0x7F) >> m;
    int fraction = b & (1 << m) - 1;
    boolean negative = b > 0x7F;
    if (unsignedZero(t) && b == 0x80 || t == OnnxType.FLOAT8E4M3FN && (b & 0x7F) == 0x7F) {
      return Float.NaN;
    }
    if (t == OnnxType.FLOAT8E5M2 && exponent == 31) {
      float infinity = negative ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
      return fraction == 0 ? infinity : Float.NaN;
    }
    float size =
        exponent == 0
            ? Math.scalb((float) fraction, 1 - bias(t) - m)
            : Math.scalb((float) ((1 << m) + fraction), exponent - bias(t) - m);
    return negative ? -size : size;
  }

  /**
   * The nearest number of a type, the even one of two.
   *
   * @param saturate whether what is too large for eight bits becomes the largest number, instead of
   *     an infinity or NaN
   */
  static float round(float v, OnnxType t, boolean saturate) {
    return switch (t) {
      case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16(v));
      case BFLOAT16 -> bfloat16(v);
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> eight(v, t, saturate);
      default -> v;
    };
  }

  private static float bfloat16(float v) {
    if (Float.isNaN(v)) {
      return v;
    }
    int bits = Float.floatToRawIntBits(v);
    int rounded = bits + 0x7FFF + (bits >>> 16 & 1);
    return Float.intBitsToFloat(rounded & 0xFFFF0000);
  }

  private static float eight(float v, OnnxType t, boolean saturate) {
    float most = largest(t);
    if (Float.isNaN(v)) {
      return v;
    }
    int lowest =
        1 - bias(t) - mantissa(t); // the exponent of the last place of the smallest numbers
    int place = Math.max(lowest, Math.getExponent(v) - mantissa(t));
    float r =
        Float.isInfinite(v)
            ? v
            : (float) Math.scalb(Math.rint(Math.scalb((double) v, -place)), place);
    if (Math.abs(r) > most) {
      if (saturate) {
        return Math.copySign(most, v);
      }
      return t == OnnxType.FLOAT8E5M2 ? Math.copySign(Float.POSITIVE_INFINITY, v) : Float.NaN;
    }
    return r == 0 && unsignedZero(t) ? 0f : r;
  }
}
