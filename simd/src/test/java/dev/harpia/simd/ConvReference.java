package dev.harpia.simd;

/** Convolution by its definition, in double precision. */
final class ConvReference {
  private ConvReference() {}

  /** Called for every multiplication: indices into y, x and weight. */
  private interface Visit {
    void at(int y, int x, int w);
  }

  private static void each(ConvShape s, Visit visit) {
    int ci = s.ci() / s.groups();
    int co = s.co() / s.groups();
    for (int n = 0; n < s.n(); n++) {
      for (int o = 0; o < s.co(); o++) {
        for (int oy = 0; oy < s.oh(); oy++) {
          for (int ox = 0; ox < s.ow(); ox++) {
            int y = ((n * s.co() + o) * s.oh() + oy) * s.ow() + ox;
            for (int c = 0; c < ci; c++) {
              for (int ky = 0; ky < s.kh(); ky++) {
                for (int kx = 0; kx < s.kw(); kx++) {
                  int iy = oy * s.sh() + ky * s.dh() - s.ph();
                  int ix = ox * s.sw() + kx * s.dw() - s.pw();
                  if (iy >= 0 && iy < s.h() && ix >= 0 && ix < s.w()) {
                    int x = ((n * s.ci() + o / co * ci + c) * s.h() + iy) * s.w() + ix;
                    visit.at(y, x, ((o * ci + c) * s.kh() + ky) * s.kw() + kx);
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  static double[] forward(ConvShape s, float[] x, float[] w, float[] bias) {
    double[] y = new double[s.n() * s.co() * s.oh() * s.ow()];
    for (int i = 0; i < y.length; i++) {
      y[i] = bias[i / (s.oh() * s.ow()) % s.co()];
    }
    each(s, (iy, ix, iw) -> y[iy] += (double) x[ix] * w[iw]);
    return y;
  }

  static double[] backwardData(ConvShape s, float[] gy, float[] w) {
    double[] gx = new double[s.n() * s.ci() * s.h() * s.w()];
    each(s, (iy, ix, iw) -> gx[ix] += (double) gy[iy] * w[iw]);
    return gx;
  }

  static double[] backwardWeight(ConvShape s, float[] x, float[] gy) {
    double[] gw = new double[s.co() * (s.ci() / s.groups()) * s.kh() * s.kw()];
    each(s, (iy, ix, iw) -> gw[iw] += (double) gy[iy] * x[ix]);
    return gw;
  }

  static double[] backwardBias(ConvShape s, float[] gy) {
    double[] gb = new double[s.co()];
    for (int i = 0; i < gy.length; i++) {
      gb[i / (s.oh() * s.ow()) % s.co()] += gy[i];
    }
    return gb;
  }
}
