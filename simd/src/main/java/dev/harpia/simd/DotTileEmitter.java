package dev.harpia.simd;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes {@link DotTile}s. Each product of rows is LANES chains of fused multiply-adds along k in
 * one register. At the end, halves of the lanes are added, then quarters, and so on; two registers
 * are folded into one at a time, so that a whole vector of sums takes three operations each.
 */
final class DotTileEmitter extends TileCode {
  private static final ClassDesc TILES = ClassDesc.of("dev.harpia.simd.DotTiles");
  private static final int X = 1;
  private static final int SX = 3;
  private static final int W = 5;
  private static final int SW = 7;
  private static final int K = 9;
  private static final int TO = 10;

  private final int rows;
  private final int columns;
  private final int[] sums;
  private final int[] b;
  private int[] xs = {};
  private int[] ws = {};

  private DotTileEmitter(CodeBuilder code, int rows, int columns) {
    super(code);
    this.rows = rows;
    this.columns = columns;
    sums = new int[rows * columns];
    b = new int[columns];
  }

  static DotTile emit(int rows, int columns) {
    MethodTypeDesc run =
        MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_long, CD_long, CD_int, CD_long);
    return (DotTile)
        define(
            "GemmTileDots" + rows + "x" + columns,
            "DotTile",
            run,
            c -> new DotTileEmitter(c, rows, columns).body());
  }

  private void body() {
    countTurns();
    for (int s = 0; s < sums.length; s++) {
      code.getstatic(VECTORS, "F", SPECIES)
          .invokestatic(FLOATS, "zero", MethodTypeDesc.of(FLOATS, SPECIES));
      sums[s] = store();
    }
    for (int j = 0; j < columns; j++) {
      b[j] = code.allocateLocal(TypeKind.REFERENCE);
    }
    xs = pointers(X, SX, rows);
    ws = pointers(W, SW, columns);
    int p = code.allocateLocal(TypeKind.INT);
    int turns = code.allocateLocal(TypeKind.INT);
    int offset = code.allocateLocal(TypeKind.LONG);
    int lanes = Vectors.LANES;
    code.iload(K).loadConstant(Integer.numberOfTrailingZeros(lanes)).iushr().istore(turns);
    Label head = code.newLabel();
    Label exit = code.newLabel();
    code.iconst_0().istore(p).labelBinding(head).iload(p).iload(turns).if_icmpge(exit);
    code.iload(p).i2l().loadConstant((long) Vectors.BYTES).lmul().lstore(offset);
    products(offset, -1);
    code.iinc(p, 1).goto_(head).labelBinding(exit);

    Label whole = code.newLabel();
    int mask = code.allocateLocal(TypeKind.REFERENCE);
    code.iload(K).loadConstant(lanes - 1).iand().ifeq(whole);
    code.iload(K).loadConstant(-lanes).iand().loadConstant(Integer.MAX_VALUE).iand().i2l();
    code.loadConstant(4L).lmul().lstore(offset);
    code.getstatic(VECTORS, "F", SPECIES).iconst_0().iload(K).loadConstant(lanes - 1).iand();
    code.invokeinterface(SPECIES, "indexInRange", MethodTypeDesc.of(MASK, CD_int, CD_int));
    code.astore(mask);
    products(offset, mask);
    code.labelBinding(whole);

    address(TO);
    int group = Math.min(lanes, sums.length);
    for (int g = 0; g < sums.length; g += group) {
      fold(g, group);
      code.aload(sums[g]).getstatic(VECTORS, "ALL", SEGMENT);
      code.lload(TO).loadConstant((long) g / group * Vectors.BYTES).ladd();
      into();
    }
    code.return_();
  }

  private void products(int offset, int mask) {
    int a = code.allocateLocal(TypeKind.REFERENCE);
    for (int j = 0; j < columns; j++) {
      row(ws[j], offset, mask);
      code.astore(b[j]);
    }
    for (int i = 0; i < rows; i++) {
      row(xs[i], offset, mask);
      code.astore(a);
      for (int j = 0; j < columns; j++) {
        fma(a, b[j], sums[i * columns + j]);
      }
    }
  }

  private void row(int base, int offset, int mask) {
    if (mask < 0) {
      load(base, offset);
      return;
    }
    code.getstatic(VECTORS, "F", SPECIES).getstatic(VECTORS, "ALL", SEGMENT);
    code.lload(base).lload(offset).ladd().getstatic(VECTORS, "LE", ORDER).aload(mask);
    code.invokestatic(
        FLOATS,
        "fromMemorySegment",
        MethodTypeDesc.of(FLOATS, SPECIES, SEGMENT, CD_long, ORDER, MASK));
  }

  /** Leaves the sums over the lanes of {@code count} registers in the first of them. */
  private void fold(int first, int count) {
    int left = count;
    for (int d = Vectors.LANES / 2; d > 0; d /= 2) {
      int other = left / 2; // from one vector of a pair to the other; 0 folds the last into itself
      left = Math.max(1, other);
      for (int i = 0; i < left; i++) {
        int u = sums[first + i];
        int v = sums[first + i + other];
        half("OWN" + d, u, v);
        half("OTHER" + d, u, v);
        code.invokevirtual(FLOATS, "add", MethodTypeDesc.of(FLOATS, VECTOR)).astore(u);
      }
    }
  }

  private void half(String lanes, int u, int v) {
    MethodTypeDesc ints = MethodTypeDesc.of(INTS);
    code.getstatic(TILES, lanes, INTS);
    code.aload(u).invokevirtual(FLOATS, "reinterpretAsInts", ints);
    code.aload(v).invokevirtual(FLOATS, "reinterpretAsInts", ints);
    code.invokevirtual(INTS, "selectFrom", MethodTypeDesc.of(INTS, VECTOR, VECTOR));
    code.invokevirtual(INTS, "reinterpretAsFloats", MethodTypeDesc.of(FLOATS));
  }

  /** For a negative k, turns an empty loop as often and returns: see {@link MicroKernels}. */
  private void countTurns() {
    Label start = code.newLabel();
    code.iload(K).ifge(start);
    Label loop = code.newBoundLabel();
    code.iinc(K, 1).iload(K).iflt(loop).return_().labelBinding(start);
  }
}
