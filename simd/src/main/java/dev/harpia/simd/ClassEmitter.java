package dev.harpia.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;

/** Writes the class file of a kernel. */
final class ClassEmitter {
  private static final ClassDesc KERNEL = ClassDesc.of("dev.harpia.simd.Kernel");
  private static final ClassDesc SPEC = ClassDesc.of("dev.harpia.simd.KernelSpec");
  private static final MethodTypeDesc CONSTRUCTOR = MethodTypeDesc.of(CD_void, SPEC, CD_int);

  /** Kernel.run: eight addresses, bytes, first index and seed, eight parameters. */
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, Collections.nCopies(11, CD_long))
          .insertParameterTypes(11, Collections.nCopies(8, CD_float).toArray(new ClassDesc[0]));

  private ClassEmitter() {}

  static byte[] emit(KernelSpec spec, Lowering.Code code) {
    ClassDesc self = ClassDesc.of("dev.harpia.simd." + spec.fullName());
    return ClassFile.of()
        .build(
            self,
            b ->
                b.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                    .withSuperclass(KERNEL)
                    .withMethodBody("<init>", CONSTRUCTOR, 0, ClassEmitter::constructor)
                    .withMethodBody(
                        "run",
                        RUN,
                        ClassFile.ACC_PUBLIC,
                        c -> new LoopEmitter(c, spec, code).emit()));
  }

  private static void constructor(CodeBuilder c) {
    c.aload(0).aload(1).iload(2).invokespecial(KERNEL, "<init>", CONSTRUCTOR).return_();
  }
}
