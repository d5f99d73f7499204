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
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/** What the tiles' emitters share: loads, stores, products, and the definition of a class. */
abstract class TileCode {
  static final ClassDesc VECTORS = ClassDesc.of("dev.harpia.simd.Vectors");
  static final ClassDesc FLOATS = ClassDesc.of("jdk.incubator.vector.FloatVector");
  static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
  static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
  static final ClassDesc SEGMENT = ClassDesc.of("java.lang.foreign.MemorySegment");
  static final ClassDesc ORDER = ClassDesc.of("java.nio.ByteOrder");
  static final ClassDesc LAYOUT = ClassDesc.of("java.lang.foreign.ValueLayout");
  static final ClassDesc OF_FLOAT = LAYOUT.nested("OfFloat");
  static final ClassDesc OF_INT = LAYOUT.nested("OfInt");
  static final ClassDesc INTS = ClassDesc.of("jdk.incubator.vector.IntVector");
  static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");
  static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
  static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");

  final CodeBuilder code;

  TileCode(CodeBuilder code) {
    this.code = code;
  }

  static Object define(
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

  void loadInts(int address, long offset) {
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
  int[] pointers(int base, int step, int count) {
    int[] result = new int[count];
    for (int j = 0; j < count; j++) {
      result[j] = code.allocateLocal(TypeKind.LONG);
      code.lload(base).lload(step).loadConstant((long) j).lmul().ladd().lstore(result[j]);
      address(result[j]);
    }
    return result;
  }

  int store() {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(local);
    return local;
  }

  /**
   * Tells the compiler that a local holds an address below 2^62: with an index that it knows to be
   * neither negative nor large, it then drops the bounds check of every access, which would
   * otherwise cost as much as the arithmetic.
   */
  void address(int local) {
    code.lload(local).loadConstant(Long.MAX_VALUE >> 1).land().lstore(local);
  }

  /** The offset (32-bit, not negative) at {@code table} + 4·{@code index}. */
  void offsetAt(int table, int index) {
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

  void broadcast(int address, long offset) {
    code.getstatic(VECTORS, "F", SPECIES)
        .getstatic(VECTORS, "ALL", SEGMENT)
        .getstatic(VECTORS, "FLOAT", OF_FLOAT)
        .lload(address)
        .loadConstant(offset)
        .ladd()
        .invokeinterface(SEGMENT, "get", MethodTypeDesc.of(CD_float, OF_FLOAT, CD_long))
        .invokestatic(FLOATS, "broadcast", MethodTypeDesc.of(FLOATS, SPECIES, CD_float));
  }

  void load(int base, int offset) {
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

  /** Leaves the vector at {@code address} + {@code offset} on the stack. */
  void vector(int address, long offset) {
    code.getstatic(VECTORS, "F", SPECIES)
        .getstatic(VECTORS, "ALL", SEGMENT)
        .lload(address)
        .loadConstant(offset)
        .ladd()
        .getstatic(VECTORS, "LE", ORDER)
        .invokestatic(
            FLOATS,
            "fromMemorySegment",
            MethodTypeDesc.of(FLOATS, SPECIES, SEGMENT, CD_long, ORDER));
  }

  void fma(int left, int right, int acc) {
    code.aload(left)
        .aload(right)
        .aload(acc)
        .invokevirtual(FLOATS, "fma", MethodTypeDesc.of(FLOATS, VECTOR, VECTOR))
        .astore(acc);
  }

  void into() {
    code.getstatic(VECTORS, "LE", ORDER)
        .invokevirtual(
            FLOATS, "intoMemorySegment", MethodTypeDesc.of(CD_void, SEGMENT, CD_long, ORDER));
  }
}
