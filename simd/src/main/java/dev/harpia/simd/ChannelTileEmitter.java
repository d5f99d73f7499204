package dev.harpia.simd;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;

/** Writes {@link ChannelTile}s: one flat loop with its accumulators in local variables. */
final class ChannelTileEmitter extends TileCode {
  private static final MethodTypeDesc TILE =
      MethodTypeDesc.of(
          CD_void, CD_long, CD_long, CD_long, CD_long, CD_int, CD_long, CD_long, CD_long, CD_long);

  private ChannelTileEmitter(CodeBuilder code) {
    super(code);
  }

  /**
   * A tile of {@code rows} × {@code columns} pixels, {@code step} floats apart, with {@code nv}
   * vectors of channels each.
   */
  static ChannelTile tile(int rows, int columns, int nv, int step) {
    return (ChannelTile)
        define(
            "ChannelTile" + rows + "x" + columns + "x" + nv + "by" + step,
            "ChannelTile",
            TILE,
            c -> new ChannelTileEmitter(c).body(rows, columns, nv, step));
  }

  private void body(int rows, int columns, int nv, int step) {
    int a = 1;
    int b = 3;
    int pitch = 5;
    int table = 7;
    int k = 9;
    int bias = 10;
    int c = 12;
    int cstep = 14;
    int ldc = 16;
    int pixels = rows * columns;
    int[][] acc = new int[pixels][nv];
    address(bias);
    for (int j = 0; j < nv; j++) {
      vector(bias, (long) j * Vectors.BYTES);
      int start = store();
      for (int p = 0; p < pixels; p++) {
        code.aload(start);
        acc[p][j] = store();
      }
    }
    int[] row = pointers(b, pitch, rows);
    address(a);
    address(table);
    int t = code.allocateLocal(TypeKind.INT);
    int offset = code.allocateLocal(TypeKind.LONG);
    int at = code.allocateLocal(TypeKind.LONG);
    int weights = code.allocateLocal(TypeKind.LONG);
    int scalar = code.allocateLocal(TypeKind.REFERENCE);
    int[] w = new int[nv];
    for (int j = 0; j < nv; j++) {
      w[j] = code.allocateLocal(TypeKind.REFERENCE);
    }
    Label head = code.newLabel();
    Label exit = code.newLabel();
    code.iconst_0().istore(t).labelBinding(head).iload(t).iload(k).if_icmpge(exit);
    offsetAt(table, t);
    code.lstore(offset);
    code.lload(a).iload(t).i2l().loadConstant((long) nv * Vectors.BYTES).lmul().ladd();
    code.lstore(weights);
    for (int j = 0; j < nv; j++) {
      vector(weights, (long) j * Vectors.BYTES);
      code.astore(w[j]);
    }
    for (int r = 0; r < rows; r++) {
      code.lload(row[r]).lload(offset).ladd().lstore(at);
      for (int q = 0; q < columns; q++) {
        broadcast(at, 4L * step * q);
        code.astore(scalar);
        for (int j = 0; j < nv; j++) {
          fma(w[j], scalar, acc[r * columns + q][j]);
        }
      }
    }
    code.iinc(t, 1).goto_(head).labelBinding(exit);
    int[] target = pointers(c, cstep, nv);
    code.lconst_0().lstore(offset);
    for (int r = 0; r < rows; r++) {
      for (int q = 0; q < columns; q++) {
        for (int j = 0; j < nv; j++) {
          code.aload(acc[r * columns + q][j]).getstatic(VECTORS, "ALL", SEGMENT);
          code.lload(target[j]).lload(offset).ladd().loadConstant((long) q * Vectors.BYTES).ladd();
          into();
        }
      }
      code.lload(offset).lload(ldc).ladd().lstore(offset);
    }
    code.return_();
  }
}
