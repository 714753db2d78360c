/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.Reader;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.io.InputDecorator;
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
 * Configures strict JSON: no unknown members (mass assignment), no duplicates (two readers could
 * see two values), no coercion, no text that a database cannot store.
 */
@Configuration(proxyBeanMethods = false)
class StrictJson {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_NUMBER = 32;

  @Bean
  JsonFactoryBuilderCustomizer boundedJson() {
    return factory ->
        factory
            .inputDecorator(new Utf8Only())
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER)
                    .maxStringLength(EdgeFilter.BODY_LIMIT)
                    .maxNameLength(256)
                    .build());
  }

  /**
   * Rejects JSON that is not UTF-8 (RFC 8259 §8.1). The parser would also accept UTF-16 and UTF-32,
   * which both have a NUL or a byte order mark within the first two bytes.
   */
  private static final class Utf8Only extends InputDecorator {
    private static final long serialVersionUID = 1;

    @Override
    public InputStream decorate(IOContext context, InputStream json) {
      var checked = new PushbackInputStream(json, 2);
      try {
        var start = checked.readNBytes(2);
        for (var octet : start) {
          if (octet == 0 || (octet & 0xFE) == 0xFE) {
            throw new StreamReadException("not UTF-8");
          }
        }
        checked.unread(start);
        return checked;
      } catch (IOException e) {
        throw JacksonIOException.construct(e);
      }
    }

    @Override
    public InputStream decorate(IOContext context, byte[] json, int offset, int length) {
      return decorate(context, new ByteArrayInputStream(json, offset, length));
    }

    @Override
    public Reader decorate(IOContext context, Reader json) {
      return json; // decoded already
    }
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

  /** Rejects the JSON text {@code null} where an object is expected. */
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

  /** Accepts JSON strings only, and coerces no other value. */
  private static final class StrictText extends StdScalarDeserializer<String> {
    StrictText() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        return (String) context.handleUnexpectedToken(getValueType(context), parser);
      }
      var text = parser.getString();
      if (!isStorable(text)) {
        throw context.weirdStringException(text, String.class, "not Unicode text");
      }
      return text;
    }

    /**
     * Returns whether the text has no NUL (which PostgreSQL cannot store) and no unpaired
     * surrogate.
     */
    private static boolean isStorable(String text) {
      for (var i = 0; i < text.length(); i++) {
        var c = text.charAt(i);
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
