package dev.harpia.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;

/** Writes the {@link RowPanel} of this machine, since it has as many accumulators as lanes. */
final class RowPanelEmitter extends TileCode {
  private static final int X = 1;
  private static final int W = 3;
  private static final int CHUNKS = 5;
  private static final int BIAS = 6;
  private static final int FLOOR = 8;
  private static final int OUT = 9;

  private RowPanelEmitter(CodeBuilder code) {
    super(code);
  }

  static RowPanel emit() {
    MethodTypeDesc run =
        MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_int, CD_long, CD_float, CD_long);
    return (RowPanel)
        define("RowPanelInRegisters", "RowPanel", run, c -> new RowPanelEmitter(c).body());
  }

  private void body() {
    int lanes = Vectors.LANES;
    countTurns();
    int[] sum = new int[lanes];
    for (int l = 0; l < lanes; l++) {
      code.getstatic(VECTORS, "F", SPECIES)
          .invokestatic(FLOATS, "zero", MethodTypeDesc.of(FLOATS, SPECIES));
      sum[l] = store();
    }
    address(X);
    address(W);
    address(BIAS);
    address(OUT);
    int t = code.allocateLocal(TypeKind.INT);
    int x = code.allocateLocal(TypeKind.LONG);
    int w = code.allocateLocal(TypeKind.LONG);
    int scalar = code.allocateLocal(TypeKind.REFERENCE);
    int row = code.allocateLocal(TypeKind.REFERENCE);
    Label head = code.newLabel();
    Label exit = code.newLabel();
    code.iconst_0().istore(t).labelBinding(head).iload(t).iload(CHUNKS).if_icmpge(exit);
    along(X, t, Vectors.BYTES, x);
    along(W, t, (long) lanes * Vectors.BYTES, w);
    for (int l = 0; l < lanes; l++) {
      broadcast(x, 4L * l);
      code.astore(scalar);
      vector(w, (long) l * Vectors.BYTES);
      code.astore(row);
      fma(scalar, row, sum[l]);
    }
    code.iinc(t, 1).goto_(head).labelBinding(exit);
    for (int half = lanes / 2; half > 0; half /= 2) {
      for (int l = 0; l < half; l++) {
        code.aload(sum[l]).aload(sum[l + half]);
        code.invokevirtual(FLOATS, "add", MethodTypeDesc.of(FLOATS, VECTOR)).astore(sum[l]);
      }
    }
    code.aload(sum[0]);
    vector(BIAS, 0);
    code.invokevirtual(FLOATS, "add", MethodTypeDesc.of(FLOATS, VECTOR)).dup().astore(row);
    // a NaN compares false and stays
    code.fload(FLOOR).aload(row).fload(FLOOR);
    code.invokevirtual(FLOATS, "lt", MethodTypeDesc.of(MASK, CD_float));
    code.invokevirtual(FLOATS, "blend", MethodTypeDesc.of(FLOATS, CD_float, MASK));
    code.astore(row).aload(row).getstatic(VECTORS, "ALL", SEGMENT).lload(OUT);
    into();
    code.return_();
  }

  /** {@code to} = base + t·step. */
  private void along(int base, int t, long step, int to) {
    code.lload(base).iload(t).i2l().loadConstant(step).lmul().ladd().lstore(to);
  }

  /** For a negative count, turns an empty loop as often and returns: see {@link PackedRow}. */
  private void countTurns() {
    Label start = code.newLabel();
    code.iload(CHUNKS).ifge(start);
    Label loop = code.newBoundLabel();
    code.iinc(CHUNKS, 1).iload(CHUNKS).iflt(loop).return_().labelBinding(start);
  }
}
