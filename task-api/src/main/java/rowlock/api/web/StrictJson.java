/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads JSON to the letter: no unknown members (mass assignment), no duplicates (two readers would
 * see two values), no coercion, no text that a database cannot hold.
 */
@Configuration(proxyBeanMethods = false)
class StrictJson {

  private static final int MAX_DEPTH = 16;
  private static final int MAX_NUMBER = 32;

  @Bean
  JsonFactoryBuilderCustomizer boundedJson() {
    return factory ->
        factory.streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxNumberLength(MAX_NUMBER)
                .maxStringLength(EdgeFilter.BODY_LIMIT)
                .maxNameLength(256)
                .build());
  }

  @Bean
  JsonMapperBuilderCustomizer exactJson() {
    return mapper ->
        mapper
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .addModule(
                new SimpleModule("strict")
                    .addDeserializer(String.class, new StrictText())
                    .setDeserializerModifier(new NoNullRecords()));
  }

  /** The JSON text {@code null} where an object is expected is not the same as no body at all. */
  private static final class NoNullRecords extends ValueDeserializerModifier {

    private static final long serialVersionUID = 1;

    @Override
    public ValueDeserializer<?> modifyDeserializer(
        DeserializationConfig config,
        BeanDescription.Supplier type,
        ValueDeserializer<?> deserializer) {
      return type.getBeanClass().isRecord() ? new NoNull(deserializer) : deserializer;
    }
  }

  private static final class NoNull extends DelegatingDeserializer {

    NoNull(ValueDeserializer<?> deserializer) {
      super(deserializer);
    }

    @Override
    protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> deserializer) {
      return new NoNull(deserializer);
    }

    @Override
    public @Nullable Object getNullValue(DeserializationContext context) {
      throw InvalidNullException.from(
          context, PropertyName.NO_NAME, context.constructType(handledType()));
    }
  }

  /** A JSON string, not something that can be turned into one. */
  private static final class StrictText extends StdScalarDeserializer<String> {

    StrictText() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        return (String) context.handleUnexpectedToken(getValueType(context), parser);
      }
      String text = parser.getString();
      if (!isStorable(text)) {
        throw context.weirdStringException(text, String.class, "not Unicode text");
      }
      return text;
    }

    /** No NUL (PostgreSQL has none in text) and no half of a surrogate pair. */
    private static boolean isStorable(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == 0 || Character.isLowSurrogate(c)) {
          return false;
        }
        if (Character.isHighSurrogate(c)) {
          i++;
          if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
            return false;
          }
        }
      }
      return true;
    }
  }
}
