/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Generates the concrete class of a {@link DriverWrapper}, once per virtual machine. It implements
 * each interface method that the wrapper does not, default methods included: the method is
 * forwarded to the driver's object with the same arguments, or it is refused.
 *
 * <p>The interfaces of JDBC have more than a hundred methods each, and each new version adds some.
 * Written by hand, a new default method would not be refused.
 */
final class ForwardingClass {
  private static final MethodHandles.Lookup PACKAGE = MethodHandles.lookup();
  private static final ClassDesc WRAPPER = descriptor(DriverWrapper.class);
  private static final MethodTypeDesc TARGET = MethodTypeDesc.of(ConstantDescs.CD_Object);
  private static final MethodTypeDesc AROUND =
      MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_Object);
  private static final MethodTypeDesc REFUSAL =
      MethodTypeDesc.of(descriptor(Exception.class), ConstantDescs.CD_String);

  private ForwardingClass() {}

  /**
   * Defines the concrete class of a wrapper.
   *
   * @param wrapper an abstract class with one constructor
   * @param factory an interface whose only method has the parameters of the constructor
   * @param forwarded whether a method that the wrapper does not implement is forwarded
   * @return the constructor of the concrete class
   * @throws IllegalArgumentException if the wrapper implements a method and an overload of it would
   *     be forwarded, which would bypass the wrapper
   */
  static <F> F define(
      Class<? extends DriverWrapper> wrapper, Class<F> factory, Predicate<Method> forwarded) {
    requireAllOverloads(wrapper, forwarded);
    try {
      var concrete = PACKAGE.defineClass(bytes(wrapper, forwarded));
      var constructor = PACKAGE.unreflectConstructor(concrete.getDeclaredConstructors()[0]);
      var create = factory.getMethods()[0];
      var type = MethodType.methodType(create.getReturnType(), create.getParameterTypes());
      var site =
          LambdaMetafactory.metafactory(
              PACKAGE, create.getName(), MethodType.methodType(factory), type, constructor, type);
      return factory.cast(site.getTarget().invoke());
    } catch (Throwable e) {
      throw new LinkageError("Cannot define the concrete class of " + wrapper, e);
    }
  }

  /** Returns the class file of the concrete class. */
  static byte[] bytes(Class<? extends DriverWrapper> wrapper, Predicate<Method> forwarded) {
    return ClassFile.of()
        .build(
            ClassDesc.of(wrapper.getName() + "$Forwarding"),
            type -> {
              type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                  .withSuperclass(descriptor(wrapper));
              addConstructor(type, wrapper);
              for (var method : wrapper.getMethods()) {
                if (method.getDeclaringClass().isInterface()) {
                  addMethod(type, method, forwarded.test(method));
                }
              }
            });
  }

  private static void requireAllOverloads(
      Class<? extends DriverWrapper> wrapper, Predicate<Method> forwarded) {
    var implemented =
        Arrays.stream(wrapper.getMethods())
            .filter(method -> !method.getDeclaringClass().isInterface())
            .map(Method::getName)
            .collect(Collectors.toSet());
    for (var method : wrapper.getMethods()) {
      if (method.getDeclaringClass().isInterface()
          && implemented.contains(method.getName())
          && forwarded.test(method)) {
        throw new IllegalArgumentException(method + " is an overload that the wrapper lacks");
      }
    }
  }

  private static void addConstructor(ClassBuilder type, Class<?> wrapper) {
    var constructor = wrapper.getDeclaredConstructors()[0];
    var signature = signature(void.class, constructor);
    type.withMethodBody(
        ConstantDescs.INIT_NAME,
        signature,
        0,
        code -> {
          code.aload(0);
          loadParameters(code, constructor);
          code.invokespecial(descriptor(wrapper), ConstantDescs.INIT_NAME, signature).return_();
        });
  }

  private static void addMethod(ClassBuilder type, Method method, boolean forwarded) {
    var signature = signature(method.getReturnType(), method);
    type.withMethodBody(
        method.getName(),
        signature,
        ClassFile.ACC_PUBLIC,
        code -> {
          code.aload(0);
          if (forwarded) {
            forward(code, method, signature);
          } else {
            code.loadConstant(method.getName()).invokevirtual(WRAPPER, "refusal", REFUSAL).athrow();
          }
        });
  }

  private static void forward(CodeBuilder code, Method method, MethodTypeDesc signature) {
    code.invokevirtual(WRAPPER, "target", TARGET);
    loadParameters(code, method);
    code.invokeinterface(descriptor(method.getDeclaringClass()), method.getName(), signature);
    var result = method.getReturnType();
    if (!Modifier.isFinal(result.getModifiers())) { // a string or a number exposes nothing
      code.aload(0)
          .swap()
          .invokevirtual(WRAPPER, "around", AROUND)
          .checkcast(signature.returnType());
    }
    code.return_(TypeKind.from(result));
  }

  private static void loadParameters(CodeBuilder code, Executable from) {
    var types = from.getParameterTypes();
    for (var i = 0; i < types.length; i++) {
      code.loadLocal(TypeKind.from(types[i]), code.parameterSlot(i));
    }
  }

  private static MethodTypeDesc signature(Class<?> result, Executable from) {
    return MethodTypeDesc.of(
        descriptor(result),
        Arrays.stream(from.getParameterTypes()).map(ForwardingClass::descriptor).toList());
  }

  private static ClassDesc descriptor(Class<?> type) {
    return ClassDesc.ofDescriptor(type.descriptorString());
  }
}
