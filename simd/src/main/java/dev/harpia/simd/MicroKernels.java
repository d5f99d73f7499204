package dev.harpia.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReferenceArray;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * The register tiles of matrix multiplication: one class per tile, written at run time, since the
 * best tile follows the number and width of the vector registers and remainders want exact tiles.
 *
 * <p>A tile of r rows by v vectors keeps r·v accumulators in registers, starts them from memory,
 * and adds k outer products, each element by one chain of fused multiply-adds in the order of k. So
 * an element's bits depend neither on the tile that computes it nor on how k is cut into runs (a
 * run starts from what the one before has stored). In Java, a 2 × 1 tile would read
 *
 * <pre>{@code
 * void run(long a, long sa, long b, long sb, int k, long init, long si, long c, long sc, int lanes) {
 *   FloatVector c0 = load(init), c1 = load(init + si);
 *   for (int p = 0; p < k; p++, a += sa, b += sb) {
 *     FloatVector b0 = load(b);
 *     c0 = broadcast(get(a)).fma(b0, c0);
 *     c1 = broadcast(get(a + 4)).fma(b0, c1);
 *   }
 *   c0.store(c); c1.store(c + sc);
 * }
 * }</pre>
 */
final class MicroKernels {
  /** One register tile; strides are in bytes. */
  abstract static class Tile {
    /**
     * C = init + A·B for one tile. A negative k does nothing, −k times.
     *
     * @param a first element of A
     * @param sa between rows of A for tiles by row, between columns of A for tiles by column
     * @param sb between rows of B
     * @param init what the accumulators start from, rows {@code si} apart (0 repeats one row)
     * @param lanes elements that count in the last vector; others are neither read from {@code
     *     init} and B nor stored. Whole tiles ignore it
     */
    abstract void run(
        long a, long sa, long b, long sb, int k, long init, long si, long c, long sc, int lanes);
  }

  /** 32 vector registers, as AVX-512 and AArch64 have, or 16. */
  private static final boolean MANY_REGISTERS =
      Vectors.BYTES >= 64 || System.getProperty("os.arch", "").equals("aarch64");

  /** Widest tile, in vectors. */
  static final int WIDE = MANY_REGISTERS ? 4 : 2;

  private static final int[] TALL =
      MANY_REGISTERS ? new int[] {0, 12, 12, 8, 6} : new int[] {0, 10, 6};

  private static final int ROWS = 13;
  private static final int WARM_BYTES = 4096;
  static final boolean INTERPRETED = System.getProperty("java.vm.info", "").contains("interpreted");

  private static final int WARM_CALLS = 2000;
  private static final int WARM_TURNS = 16_000;
  private static final AtomicReferenceArray<@Nullable Tile> TILES =
      new AtomicReferenceArray<>(2 * 2 * 2 * ROWS * (WIDE + 1));

  static {
    Compiler.onlyC2("dev/harpia/simd/GemmTile*.*");
  }

  private MicroKernels() {}

  /** The most rows that a tile of {@code vectors} vectors has. */
  static int rows(int vectors) {
    return TALL[vectors];
  }

  /**
   * The tile of a shape.
   *
   * @param column whether the rows of A are adjacent elements ({@code sa} steps through k) instead
   *     of {@code sa} apart (steps through k are adjacent)
   * @param masked whether the last vector is partial
   * @param relu whether max(x, 0) is stored
   */
  static Tile tile(int rows, int vectors, boolean column, boolean masked, boolean relu) {
    int i =
        ((vectors * ROWS + rows) * 2 + (column ? 1 : 0)) * 4 + (masked ? 2 : 0) + (relu ? 1 : 0);
    Tile tile = TILES.get(i);
    return tile == null ? define(i, new Emitter(rows, vectors, column, masked, relu)) : tile;
  }

  /** One thread at a time, so that a tile is made and warmed once. */
  private static synchronized Tile define(int i, Emitter emitter) {
    Tile present = TILES.get(i);
    if (present != null) {
      return present;
    }
    try {
      var lookup = MethodHandles.lookup();
      var type = lookup.defineHiddenClass(emitter.bytes(), true);
      var constructor = type.findConstructor(type.lookupClass(), MethodType.methodType(void.class));
      Tile tile = (Tile) constructor.invoke();
      warm(tile);
      TILES.set(i, tile);
      return tile;
    } catch (Throwable e) {
      throw new IllegalStateException("gemm: cannot define " + emitter.name(), e);
    }
  }

  /**
   * Runs a new tile until it is due for compilation. A tile for a remainder may otherwise be
   * interpreted, some 250 times slower, for seconds: longer than all the rest of its products.
   *
   * <p>HotSpot starts to profile after 400 calls, then wants 600 calls and 15,000 turns of loops,
   * and forgets the request again unless there have been 2000 calls in all. Turns of an empty loop
   * count too, and cost next to nothing.
   */
  private static void warm(Tile tile) {
    if (INTERPRETED) {
      return;
    }
    Scratch scratch = Scratch.acquire(2 * WARM_BYTES);
    long work = scratch.address();
    Vectors.zero(work, 2 * WARM_BYTES);
    for (int i = 0; i < WARM_CALLS; i++) {
      int k = i == WARM_CALLS / 2 || i == WARM_CALLS / 4 * 3 ? -WARM_TURNS : 2;
      tile.run(work, 0, work, 0, k, work, 0, work + WARM_BYTES, 0, 1);
    }
    scratch.release();
  }

  private record Emitter(int rows, int vectors, boolean column, boolean masked, boolean relu) {
    private static final ClassDesc TILE = Tile.class.describeConstable().orElseThrow();
    private static final ClassDesc VECTORS = Vectors.class.describeConstable().orElseThrow();
    private static final ClassDesc FLOATS = FloatVector.class.describeConstable().orElseThrow();
    private static final ClassDesc VECTOR = Vector.class.describeConstable().orElseThrow();
    private static final ClassDesc MASK = VectorMask.class.describeConstable().orElseThrow();
    private static final ClassDesc SPECIES = VectorSpecies.class.describeConstable().orElseThrow();
    private static final ClassDesc SEGMENT = MemorySegment.class.describeConstable().orElseThrow();
    private static final ClassDesc ORDER = ByteOrder.class.describeConstable().orElseThrow();
    private static final ClassDesc OF_FLOAT =
        ValueLayout.OfFloat.class.describeConstable().orElseThrow();

    // Slots of the parameters of Tile.run.
    private static final int A = 1;
    private static final int SA = 3;
    private static final int B = 5;
    private static final int SB = 7;
    private static final int K = 9;
    private static final int INIT = 10;
    private static final int SI = 12;
    private static final int C = 14;
    private static final int SC = 16;
    private static final int LANES = 18;
    // Further locals.
    private static final int P = 19;
    private static final int OFFSET = 20;
    private static final int MASKED = 22;
    private static final int X = 23;
    private static final int BS = 24;

    String name() {
      return "dev.harpia.simd.GemmTile"
          + (rows + "x" + vectors + (column ? "Column" : "Row"))
          + ((masked ? "Masked" : "") + (relu ? "Relu" : ""));
    }

    byte[] bytes() {
      var run =
          MethodTypeDesc.of(
              CD_void, CD_long, CD_long, CD_long, CD_long, CD_int, CD_long, CD_long, CD_long,
              CD_long, CD_int);
      return ClassFile.of()
          .build(
              ClassDesc.of(name()),
              type ->
                  type.withSuperclass(TILE)
                      .withFlags(ClassFile.ACC_FINAL)
                      .withMethodBody(
                          INIT_NAME,
                          MTD_void,
                          0,
                          code -> code.aload(0).invokespecial(TILE, INIT_NAME, MTD_void).return_())
                      .withMethodBody("run", run, 0, this::emit));
    }

    private int accumulator(int i, int j) {
      return BS + vectors + i * vectors + j;
    }

    /** The local that holds the address of row i of A (tiles by row). */
    private int row(int i) {
      return i == 0 ? A : accumulator(rows, 0) + 2 * (i - 1);
    }

    private void emit(CodeBuilder code) {
      countTurns(code);
      if (masked) {
        species(code).iconst_0().iload(LANES);
        code.invokeinterface(SPECIES, "indexInRange", MethodTypeDesc.of(MASK, CD_int, CD_int));
        code.astore(MASKED);
      }
      address(code, INIT);
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < vectors; j++) {
          load(code, INIT, j);
          code.astore(accumulator(i, j));
        }
        advance(code, INIT, SI, i);
      }
      address(code, A);
      address(code, B);
      address(code, C);
      if (!column) {
        for (int i = 1; i < rows; i++) {
          code.lload(row(i - 1)).lload(SA).ladd().lstore(row(i));
          address(code, row(i));
        }
      }
      code.iconst_0().istore(P);
      Label loop = code.newBoundLabel();
      Label end = code.newLabel();
      code.iload(P).iload(K).if_icmpge(end);
      if (!column) {
        code.iload(P).i2l().loadConstant(4L).lmul().lstore(OFFSET);
      }
      for (int j = 0; j < vectors; j++) {
        load(code, B, j);
        code.astore(BS + j);
      }
      for (int i = 0; i < rows; i++) {
        broadcast(code, i);
        for (int j = 0; j < vectors; j++) {
          code.aload(X).aload(BS + j).aload(accumulator(i, j));
          code.invokevirtual(FLOATS, "fma", MethodTypeDesc.of(FLOATS, VECTOR, VECTOR));
          code.astore(accumulator(i, j));
        }
      }
      if (column) {
        code.lload(A).lload(SA).ladd().lstore(A);
        address(code, A);
      }
      code.lload(B).lload(SB).ladd().lstore(B);
      address(code, B);
      code.iinc(P, 1).goto_(loop).labelBinding(end);
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < vectors; j++) {
          store(code, i, j);
        }
        advance(code, C, SC, i);
      }
      code.return_();
    }

    /** For a negative k, turns an empty loop −k times and returns. */
    private static void countTurns(CodeBuilder code) {
      Label start = code.newLabel();
      code.iload(K).ifge(start);
      Label loop = code.newBoundLabel();
      code.iinc(K, 1).iload(K).iflt(loop).return_().labelBinding(start);
    }

    private void advance(CodeBuilder code, int address, int stride, int i) {
      if (i < rows - 1) {
        code.lload(address).lload(stride).ladd().lstore(address);
        address(code, address);
      }
    }

    /** Spares the bounds checks of what is read through it: see {@link TileCode#address}. */
    private static void address(CodeBuilder code, int local) {
      code.lload(local).loadConstant(Long.MAX_VALUE >> 1).land().lstore(local);
    }

    private static CodeBuilder species(CodeBuilder code) {
      return code.getstatic(VECTORS, "F", SPECIES);
    }

    private static CodeBuilder all(CodeBuilder code) {
      return code.getstatic(VECTORS, "ALL", SEGMENT);
    }

    /** The address plus a constant, and the byte order; whether the access is masked. */
    private boolean at(CodeBuilder code, int address, int j) {
      code.lload(address);
      if (j > 0) {
        code.loadConstant((long) j * Vectors.BYTES).ladd();
      }
      code.getstatic(VECTORS, "LE", ORDER);
      boolean partial = masked && j == vectors - 1;
      if (partial) {
        code.aload(MASKED);
      }
      return partial;
    }

    private void load(CodeBuilder code, int address, int j) {
      species(code);
      all(code);
      var type =
          at(code, address, j)
              ? MethodTypeDesc.of(FLOATS, SPECIES, SEGMENT, CD_long, ORDER, MASK)
              : MethodTypeDesc.of(FLOATS, SPECIES, SEGMENT, CD_long, ORDER);
      code.invokestatic(FLOATS, "fromMemorySegment", type);
    }

    private void broadcast(CodeBuilder code, int i) {
      species(code);
      all(code).getstatic(VECTORS, "FLOAT", OF_FLOAT);
      if (column) {
        code.lload(A).loadConstant(4L * i).ladd();
      } else {
        code.lload(row(i)).lload(OFFSET).ladd();
      }
      code.invokeinterface(SEGMENT, "get", MethodTypeDesc.of(CD_float, OF_FLOAT, CD_long));
      code.invokestatic(FLOATS, "broadcast", MethodTypeDesc.of(FLOATS, SPECIES, CD_float));
      code.astore(X);
    }

    private void store(CodeBuilder code, int i, int j) {
      code.aload(accumulator(i, j));
      if (relu) {
        // Negative becomes 0; a NaN compares false and stays.
        code.dup().fconst_0();
        code.invokevirtual(FLOATS, "lt", MethodTypeDesc.of(MASK, CD_float));
        code.astore(X).fconst_0().aload(X);
        code.invokevirtual(FLOATS, "blend", MethodTypeDesc.of(FLOATS, CD_float, MASK));
      }
      all(code);
      var type =
          at(code, C, j)
              ? MethodTypeDesc.of(CD_void, SEGMENT, CD_long, ORDER, MASK)
              : MethodTypeDesc.of(CD_void, SEGMENT, CD_long, ORDER);
      code.invokevirtual(FLOATS, "intoMemorySegment", type);
    }
  }
}
