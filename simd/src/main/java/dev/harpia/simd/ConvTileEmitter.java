package dev.harpia.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes the convolutions' register tiles as hidden classes, so that a tile follows the number of
 * vector registers and a remainder gets an exact tile. A tile is one flat loop with its
 * accumulators in local variables.
 */
final class ConvTileEmitter extends TileCode {
  private static final MethodTypeDesc TRANSPOSE =
      MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_long, CD_long, CD_float, CD_float);
  private static final MethodTypeDesc TILE =
      MethodTypeDesc.of(
          CD_void, CD_long, CD_long, CD_long, CD_long, CD_int, CD_long, CD_long, CD_long);
  private static final MethodTypeDesc WEIGHT_TILE =
      MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_long, CD_long, CD_long, CD_int, CD_long);

  private ConvTileEmitter(CodeBuilder code) {
    super(code);
  }

  /** A tile of {@code mr} channels × {@code nv} vectors. */
  static ConvTile tile(int mr, int nv) {
    return (ConvTile)
        define(
            "ConvTile" + mr + "x" + nv,
            "ConvTile",
            TILE,
            c -> new ConvTileEmitter(c).tileBody(mr, nv));
  }

  /** A tile of {@code mr} channels × {@code nr} taps. */
  static ConvWeightTile weightTile(int mr, int nr) {
    return (ConvWeightTile)
        define(
            "ConvWeightTile" + mr + "x" + nr,
            "ConvWeightTile",
            WEIGHT_TILE,
            c -> new ConvTileEmitter(c).weightTileBody(mr, nr));
  }

  /** Transposition of a square of vectors. */
  static PlaneTranspose transpose() {
    return (PlaneTranspose)
        define(
            "PlaneTransposeInRegisters",
            "PlaneTranspose",
            TRANSPOSE,
            c -> new ConvTileEmitter(c).transposeBody());
  }

  private void tileBody(int mr, int nv) {
    int a = 1;
    int b = 3;
    int bstep = 5;
    int table = 7;
    int k = 9;
    int c = 10;
    int cstep = 12;
    int ldc = 14;
    int[][] acc = new int[mr][nv];
    code.getstatic(VECTORS, "F", SPECIES)
        .invokestatic(FLOATS, "zero", MethodTypeDesc.of(FLOATS, SPECIES));
    int zero = store();
    for (int i = 0; i < mr; i++) {
      for (int j = 0; j < nv; j++) {
        code.aload(zero);
        acc[i][j] = store();
      }
    }
    int[] column = pointers(b, bstep, nv);
    address(a);
    address(table);
    int t = code.allocateLocal(TypeKind.INT);
    int offset = code.allocateLocal(TypeKind.LONG);
    int weights = code.allocateLocal(TypeKind.LONG);
    int scalar = code.allocateLocal(TypeKind.REFERENCE);
    int[] x = new int[nv];
    for (int j = 0; j < nv; j++) {
      x[j] = code.allocateLocal(TypeKind.REFERENCE);
    }
    Label head = code.newLabel();
    Label exit = code.newLabel();
    code.iconst_0().istore(t).labelBinding(head).iload(t).iload(k).if_icmpge(exit);
    offsetAt(table, t);
    code.lstore(offset);
    for (int j = 0; j < nv; j++) {
      load(column[j], offset);
      code.astore(x[j]);
    }
    code.lload(a).iload(t).i2l().loadConstant(4L * mr).lmul().ladd().lstore(weights);
    for (int i = 0; i < mr; i++) {
      broadcast(weights, 4L * i);
      code.astore(scalar);
      for (int j = 0; j < nv; j++) {
        fma(scalar, x[j], acc[i][j]);
      }
    }
    code.iinc(t, 1).goto_(head).labelBinding(exit);
    int[] target = pointers(c, cstep, nv);
    code.lconst_0().lstore(offset);
    for (int i = 0; i < mr; i++) {
      for (int j = 0; j < nv; j++) {
        code.aload(acc[i][j]).getstatic(VECTORS, "ALL", SEGMENT);
        code.lload(target[j]).lload(offset).ladd();
        into();
      }
      code.lload(offset).lload(ldc).ladd().lstore(offset);
    }
    code.return_();
  }

  private void weightTileBody(int mr, int nr) {
    int g = 1;
    int ldg = 3;
    int x = 5;
    int taps = 7;
    int pixels = 9;
    int n = 11;
    int out = 12;
    int[][] acc = new int[mr][nr];
    for (int[] row : acc) {
      for (int j = 0; j < nr; j++) {
        code.getstatic(VECTORS, "F", SPECIES)
            .invokestatic(FLOATS, "zero", MethodTypeDesc.of(FLOATS, SPECIES));
        row[j] = store();
      }
    }
    int[] row = pointers(g, ldg, mr);
    address(taps);
    address(pixels);
    int t = code.allocateLocal(TypeKind.INT);
    int[] tap = new int[nr];
    for (int j = 0; j < nr; j++) {
      code.loadConstant(j).istore(t);
      offsetAt(taps, t);
      tap[j] = code.allocateLocal(TypeKind.LONG);
      code.lload(x).ladd().lstore(tap[j]);
      address(tap[j]);
    }
    int along = code.allocateLocal(TypeKind.LONG);
    int offset = code.allocateLocal(TypeKind.LONG);
    int right = code.allocateLocal(TypeKind.REFERENCE);
    int[] left = new int[mr];
    for (int i = 0; i < mr; i++) {
      left[i] = code.allocateLocal(TypeKind.REFERENCE);
    }
    Label head = code.newLabel();
    Label exit = code.newLabel();
    code.iconst_0().istore(t).labelBinding(head).iload(t).iload(n).if_icmpge(exit);
    offsetAt(pixels, t);
    code.lstore(offset);
    code.iload(t).i2l().loadConstant((long) Vectors.BYTES).lmul().lstore(along);
    for (int i = 0; i < mr; i++) {
      load(row[i], along);
      code.astore(left[i]);
    }
    for (int j = 0; j < nr; j++) {
      load(tap[j], offset);
      code.astore(right);
      for (int i = 0; i < mr; i++) {
        fma(left[i], right, acc[i][j]);
      }
    }
    code.iinc(t, 1).goto_(head).labelBinding(exit);
    for (int i = 0; i < mr; i++) {
      for (int j = 0; j < nr; j++) {
        code.aload(acc[i][j]).getstatic(VECTORS, "ALL", SEGMENT).lload(out);
        code.loadConstant((long) Vectors.BYTES * (i * nr + j)).ladd();
        into();
      }
    }
    code.return_();
  }

  /** Rows that differ in one bit of their number exchange halves, bit by bit. */
  private void transposeBody() {
    int from = 1;
    int fromStep = 3;
    int to = 5;
    int toStep = 7;
    int bias = 9;
    int floor = 10;
    int lanes = Vectors.LANES;
    int[] row = new int[lanes];
    for (int i = 0; i < lanes; i++) {
      address(from);
      loadInts(from, 0);
      row[i] = store();
      code.lload(from).lload(fromStep).ladd().lstore(from);
    }
    int selections = code.allocateLocal(TypeKind.LONG);
    code.getstatic(ClassDesc.of("dev.harpia.simd.PlaneTransposes"), "SELECTIONS", CD_long)
        .lstore(selections);
    address(selections);
    long at = 0;
    for (int d = 1; d < lanes; d *= 2) {
      loadInts(selections, at);
      int low = store();
      loadInts(selections, at + Vectors.BYTES);
      int high = store();
      at += 2L * Vectors.BYTES;
      for (int i = 0; i < lanes; i++) {
        if ((i & d) == 0) {
          select(low, row[i], row[i + d]);
          select(high, row[i], row[i + d]);
          code.astore(row[i + d]).astore(row[i]);
        }
      }
    }
    code.getstatic(VECTORS, "F", SPECIES)
        .fload(floor)
        .invokestatic(FLOATS, "broadcast", MethodTypeDesc.of(FLOATS, SPECIES, CD_float));
    int low = store();
    code.getstatic(VECTORS, "F", SPECIES)
        .fload(bias)
        .invokestatic(FLOATS, "broadcast", MethodTypeDesc.of(FLOATS, SPECIES, CD_float));
    int shift = store();
    int less = code.allocateLocal(TypeKind.REFERENCE);
    code.getstatic(OPERATORS, "LT", COMPARISON).astore(less);
    for (int i = 0; i < lanes; i++) {
      address(to);
      code.aload(row[i])
          .invokevirtual(INTS, "reinterpretAsFloats", MethodTypeDesc.of(FLOATS))
          .aload(shift)
          .invokevirtual(FLOATS, "add", MethodTypeDesc.of(FLOATS, VECTOR))
          .dup()
          .astore(row[i])
          .aload(low)
          .aload(row[i])
          .aload(less)
          .aload(low)
          .invokevirtual(FLOATS, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR))
          .invokevirtual(FLOATS, "blend", MethodTypeDesc.of(FLOATS, VECTOR, MASK))
          .getstatic(VECTORS, "ALL", SEGMENT)
          .lload(to);
      into();
      code.lload(to).lload(toStep).ladd().lstore(to);
    }
    code.return_();
  }

  private void select(int indices, int first, int second) {
    code.aload(indices)
        .aload(first)
        .aload(second)
        .invokevirtual(INTS, "selectFrom", MethodTypeDesc.of(INTS, VECTOR, VECTOR));
  }
}
