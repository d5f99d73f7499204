package dev.harpia.simd;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/**
 * Writes the convolutions' register tiles as hidden classes, so that a tile follows the number of
 * vector registers and a remainder gets an exact tile. A tile is one flat loop with its
 * accumulators in local variables.
 */
final class ConvTileEmitter {
  private static final ClassDesc VECTORS = ClassDesc.of("dev.harpia.simd.Vectors");
  private static final ClassDesc FLOATS = ClassDesc.of("jdk.incubator.vector.FloatVector");
  private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
  private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
  private static final ClassDesc SEGMENT = ClassDesc.of("java.lang.foreign.MemorySegment");
  private static final ClassDesc ORDER = ClassDesc.of("java.nio.ByteOrder");
  private static final ClassDesc LAYOUT = ClassDesc.of("java.lang.foreign.ValueLayout");
  private static final ClassDesc OF_FLOAT = LAYOUT.nested("OfFloat");
  private static final ClassDesc OF_INT = LAYOUT.nested("OfInt");
  private static final ClassDesc INTS = ClassDesc.of("jdk.incubator.vector.IntVector");
  private static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");
  private static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
  private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
  private static final MethodTypeDesc TRANSPOSE =
      MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_long, CD_long, CD_float, CD_float);
  private static final MethodTypeDesc TILE =
      MethodTypeDesc.of(
          CD_void, CD_long, CD_long, CD_long, CD_long, CD_int, CD_long, CD_long, CD_long);
  private static final MethodTypeDesc WEIGHT_TILE =
      MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_long, CD_long, CD_long, CD_int, CD_long);

  private final CodeBuilder code;

  private ConvTileEmitter(CodeBuilder code) {
    this.code = code;
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

  private static Object define(
      String name, String type, MethodTypeDesc signature, Consumer<CodeBuilder> body) {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of("dev.harpia.simd." + name),
                b ->
                    b.withFlags(ClassFile.ACC_FINAL)
                        .withInterfaceSymbols(ClassDesc.of("dev.harpia.simd." + type))
                        .withMethodBody(
                            INIT_NAME,
                            MTD_void,
                            0,
                            c -> c.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_())
                        .withMethodBody("run", signature, ClassFile.ACC_PUBLIC, body::accept));
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      Class<?> defined = lookup.defineHiddenClass(bytes, true).lookupClass();
      return lookup.findConstructor(defined, MethodType.methodType(void.class)).invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("cannot define the kernel " + name, e);
    }
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

  private void loadInts(int address, long offset) {
    code.getstatic(VECTORS, "I", SPECIES)
        .getstatic(VECTORS, "ALL", SEGMENT)
        .lload(address)
        .loadConstant(offset)
        .ladd()
        .getstatic(VECTORS, "LE", ORDER)
        .invokestatic(
            INTS, "fromMemorySegment", MethodTypeDesc.of(INTS, SPECIES, SEGMENT, CD_long, ORDER));
  }

  /** Locals that hold base + j·step. */
  private int[] pointers(int base, int step, int count) {
    int[] result = new int[count];
    for (int j = 0; j < count; j++) {
      result[j] = code.allocateLocal(TypeKind.LONG);
      code.lload(base).lload(step).loadConstant((long) j).lmul().ladd().lstore(result[j]);
      address(result[j]);
    }
    return result;
  }

  private int store() {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(local);
    return local;
  }

  /**
   * Tells the compiler that a local holds an address below 2^62: with an index that it knows to be
   * neither negative nor large, it then drops the bounds check of every access, which would
   * otherwise cost as much as the arithmetic.
   */
  private void address(int local) {
    code.lload(local).loadConstant(Long.MAX_VALUE >> 1).land().lstore(local);
  }

  /** The offset (32-bit, not negative) at {@code table} + 4·{@code index}. */
  private void offsetAt(int table, int index) {
    code.getstatic(VECTORS, "ALL", SEGMENT)
        .getstatic(VECTORS, "INT", OF_INT)
        .lload(table)
        .iload(index)
        .i2l()
        .loadConstant(4L)
        .lmul()
        .ladd()
        .invokeinterface(SEGMENT, "get", MethodTypeDesc.of(CD_int, OF_INT, CD_long))
        .loadConstant(Integer.MAX_VALUE)
        .iand()
        .i2l();
  }

  private void broadcast(int address, long offset) {
    code.getstatic(VECTORS, "F", SPECIES)
        .getstatic(VECTORS, "ALL", SEGMENT)
        .getstatic(VECTORS, "FLOAT", OF_FLOAT)
        .lload(address)
        .loadConstant(offset)
        .ladd()
        .invokeinterface(SEGMENT, "get", MethodTypeDesc.of(CD_float, OF_FLOAT, CD_long))
        .invokestatic(FLOATS, "broadcast", MethodTypeDesc.of(FLOATS, SPECIES, CD_float));
  }

  private void load(int base, int offset) {
    code.getstatic(VECTORS, "F", SPECIES)
        .getstatic(VECTORS, "ALL", SEGMENT)
        .lload(base)
        .lload(offset)
        .ladd()
        .getstatic(VECTORS, "LE", ORDER)
        .invokestatic(
            FLOATS,
            "fromMemorySegment",
            MethodTypeDesc.of(FLOATS, SPECIES, SEGMENT, CD_long, ORDER));
  }

  private void fma(int left, int right, int acc) {
    code.aload(left)
        .aload(right)
        .aload(acc)
        .invokevirtual(FLOATS, "fma", MethodTypeDesc.of(FLOATS, VECTOR, VECTOR))
        .astore(acc);
  }

  private void into() {
    code.getstatic(VECTORS, "LE", ORDER)
        .invokevirtual(
            FLOATS, "intoMemorySegment", MethodTypeDesc.of(CD_void, SEGMENT, CD_long, ORDER));
  }
}
