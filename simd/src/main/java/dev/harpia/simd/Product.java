package dev.harpia.simd;

import org.jspecify.annotations.Nullable;

/** One call of {@link Multiply}, cut into pieces. Pooled, since it is the pool's task object. */
final class Product implements Parallel.Task {
  private static final Pool<Product> FREE = new Pool<>();

  /** Least work of one piece: some 10 µs, against 0.3 to 5 µs to hand it to another thread. */
  private static final long PIECE = 1 << 20;

  /**
   * Bytes of B that one piece reads at least where few rows of A make reading B the whole work: 5
   * µs or so from the third-level cache.
   */
  private static final long PIECE_BYTES = 1 << 18;

  private static final int MOST_PIECES = 64;

  /** With fewer pieces across, the pieces are made narrower and lower. */
  private static final int FEW = 4;

  /** Pieces end at multiples of this in n: whole panels at every vector width. */
  private static final int COLUMNS = 64;

  /** Rows of X up to which {@link Gemv} beats turning W round. */
  private static final int FEW_ROWS = 8;

  /** Which kernel: the shape of the whole decides, whatever pieces it is cut into. */
  enum Kind {
    /** Few rows of A against the rows of B. */
    ROWS,
    /** Rows of A against few columns of B. */
    COLUMNS,
    /** Register tiles. */
    TILES,
    /** The same, but a few columns beyond the last whole vector as in COLUMNS. */
    TILES_AND_COLUMNS;

    static Kind of(boolean ta, boolean tb, int m, int n, int k) {
      if (ta) {
        return TILES;
      }
      if (tb && m <= FEW_ROWS) {
        return ROWS;
      }
      if (n == 1 || (Gemv.suits(n, k) && (tb || m > FEW_ROWS))) {
        return COLUMNS;
      }
      return m > FEW_ROWS && Gemv.edge(n, k) > 0 ? TILES_AND_COLUMNS : TILES;
    }
  }

  private boolean ta;
  private boolean tb;
  private int m;
  private int n;
  private int k;
  private float alpha;
  private float beta;
  private long a;
  private long b;
  private long c;
  private int lda;
  private int ldb;
  private int ldc;
  private long bias;
  private boolean relu;
  private int batch;
  private long strideA;
  private long strideB;
  private long strideC;

  /** Rows and columns of one piece; pieces across; products in one piece. */
  private int rows;

  private int columns;
  private int across;
  private int down;
  private int group;

  private Kind kind = Kind.TILES;

  /** Whether our own kernels shall multiply whatever else there is. */
  private boolean own;

  /** What multiplies, if not our own kernels. */
  private @Nullable Gemm library;

  private Product() {}

  static Product take() {
    Product product = FREE.take();
    return product == null ? new Product() : product;
  }

  void matrices(
      boolean ta,
      boolean tb,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      int lda,
      long b,
      int ldb,
      float beta,
      long c,
      int ldc) {
    this.ta = ta;
    this.tb = tb;
    this.m = m;
    this.n = n;
    this.k = k;
    this.alpha = alpha;
    this.beta = beta;
    this.a = a;
    this.lda = lda;
    this.b = b;
    this.ldb = ldb;
    this.c = c;
    this.ldc = ldc;
    batch = 1;
    bias = 0;
    relu = false;
    own = false;
  }

  void epilogue(long bias, boolean relu) {
    this.bias = bias;
    this.relu = relu;
  }

  void own() {
    own = true;
  }

  void batch(int batch, long strideA, long strideB, long strideC) {
    this.batch = batch;
    this.strideA = 4 * strideA;
    this.strideB = 4 * strideB;
    this.strideC = 4 * strideC;
  }

  /**
   * The native library, if there is one and the product is of a shape at which it is ahead: {@link
   * Handover}.
   */
  static @Nullable Gemm external(boolean ta, boolean tb, int m, int n, int k) {
    if (Blas.INSISTED) {
      Blas.external(); // throws where it is missing, whatever the size
    }
    return Handover.pays(ta, tb, m, n, k)
        ? Blas.external().orElse(null) // searched for when first of use: that takes a while
        : null;
  }

  /** Whether a product is one piece, which needs no task object. */
  static boolean whole(int m, int n, int k) {
    return pieces(m, n, k) < 2;
  }

  /** How many pieces the work is worth. */
  private static int pieces(int m, int n, int k) {
    double pieces = 2.0 * m * n * k / PIECE;
    if (m <= FEW_ROWS) {
      pieces = Math.max(pieces, 4.0 * n * k / PIECE_BYTES);
    }
    if (n <= FEW_ROWS) {
      pieces = Math.max(pieces, 4.0 * m * k / PIECE_BYTES);
    }
    return (int) Math.min(MOST_PIECES, pieces);
  }

  /** Computes, and goes back to the pool. */
  void run() {
    if (batch > 0 && m > 0 && n > 0) {
      normalize();
      kind = Kind.of(ta, tb, m, n, k);
      split();
      library = !own && bias == 0 && !relu ? external(ta, tb, m, n, k) : null;
      if (Recorder.on() && ProductEvent.enabled()) {
        ProductEvent.emit(m, n, k, batch, library);
      }
      Parallel.run(((batch + group - 1) / group) * down * across, this);
    }
    FREE.give(this);
  }

  /** Turns vectors into the rows that they also are. */
  private void normalize() {
    if (ta && n == 1 && ldc == 1 && bias == 0) {
      // A column is a row: Cᵀ = Bᵀ·Aᵀ.
      boolean t = ta;
      ta = !tb;
      tb = !t;
      long x = a;
      a = b;
      b = x;
      int ld = lda;
      lda = ldb;
      ldb = ld;
      long stride = strideA;
      strideA = strideB;
      strideB = stride;
      n = m;
      m = 1;
      ldc = n;
    }
    if (ta && m == 1 && lda == 1) {
      ta = false;
      lda = k;
    }
  }

  /**
   * Cuts along n first, which repeats no packing of B, and along m where that does not give enough
   * pieces. Only the shape decides.
   */
  private void split() {
    double work = 2.0 * m * n * k;
    int wanted = pieces(m, n, k);
    // Two panels wide where that gives enough pieces for a few threads, else one.
    int most = n / (2 * COLUMNS) >= FEW ? n / (2 * COLUMNS) : n / COLUMNS;
    across = Math.clamp(most, 1, Math.max(1, wanted));
    if (across > 2 && across < 2 * FEW) {
      across &= -2; // an odd one out would leave one of two threads idle for a good part
    }
    columns = (n + across - 1) / across;
    columns = (columns + COLUMNS - 1) / COLUMNS * COLUMNS;
    across = (n + columns - 1) / columns;
    // Each piece of rows packs B anew, where it is packed at all.
    int least = across == 1 ? 48 : VectorGemm.packsB(tb, m, k, ldb) ? 480 : across < FEW ? 48 : 192;
    down = Math.clamp(m / least, 1, Math.max(1, (wanted + across - 1) / across));
    rows = ((m + down - 1) / down + 23) / 24 * 24;
    down = (m + rows - 1) / rows;
    group = across * down > 1 ? 1 : (int) Math.clamp(PIECE / Math.max(work, 1), 1, batch);
  }

  @Override
  public void run(int index) {
    int pieces = across * down;
    int first = index / pieces * group;
    int last = Math.min(first + group, batch);
    int i = index % pieces / across * rows;
    int j = index % across * columns;
    for (int item = first; item < last; item++) {
      piece(item, i, j, Math.min(rows, m - i), Math.min(columns, n - j));
    }
  }

  private void piece(int item, int i, int j, int height, int width) {
    long pa = a + item * strideA + 4L * (ta ? i : (long) i * lda);
    long pb = b + item * strideB + 4L * (tb ? (long) j * ldb : j);
    long pc = c + item * strideC + 4L * ((long) i * ldc + j);
    long bj = bias == 0 ? 0 : bias + 4L * j;
    if (library != null) {
      library.multiply(ta, tb, height, width, k, alpha, pa, lda, pb, ldb, beta, pc, ldc);
    } else {
      kernel(kind, ta, tb, height, width, k, alpha, pa, lda, pb, ldb, beta, pc, ldc, bj, relu);
    }
  }

  /** One piece, or the whole, on this thread. */
  static void kernel(
      Kind kind,
      boolean ta,
      boolean tb,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      int lda,
      long b,
      int ldb,
      float beta,
      long c,
      int ldc,
      long bias,
      boolean relu) {
    int left = kind == Kind.TILES_AND_COLUMNS ? n - Gemv.edge(n, k) : kind == Kind.TILES ? n : 0;
    if (left > 0) {
      VectorGemm.run(ta, tb, m, left, k, alpha, a, lda, b, ldb, beta, c, ldc, bias, relu);
      b += 4L * left * (tb ? ldb : 1);
      c += 4L * left;
      n -= left;
      bias = bias == 0 ? 0 : bias + 4L * left;
    }
    if (n == 0) {
      return;
    }
    if (alpha == 0) { // operands that are not numbers do not count
      k = 0;
      alpha = 1;
    }
    long sc = 4L * ldc;
    boolean add = bias == 0 && beta != 0;
    if (add && beta != 1) {
      Packing.scale(c, sc, m, n, beta, c, sc);
    }
    long init = add ? c : bias;
    long si = add ? sc : 0;
    if (kind == Kind.ROWS) {
      Gemv.run(m, n, k, alpha, a, 4L * lda, b, 4L * ldb, init, si, 4, relu, c, sc, 4);
    } else {
      Gemv.columns(tb, m, n, k, alpha, a, 4L * lda, b, 4L * ldb, init, si, relu, c, sc);
    }
  }
}
