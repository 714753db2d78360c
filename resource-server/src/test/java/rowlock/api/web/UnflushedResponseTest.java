/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletResponse;

class UnflushedResponseTest {
  @ParameterizedTest
  @CsvSource({
    "application/json, false",
    "application/json;charset=UTF-8, false",
    "application/problem+json, false",
    "application/json-seq, true",
    "application/x-ndjson, true",
    "text/event-stream, true"
  })
  void flush_isPassedOn_exceptForJson(String type, boolean flushed) throws IOException {
    var response = new MockHttpServletResponse();
    response.setContentType(type);
    var unflushed = new UnflushedResponse(response);

    unflushed.getOutputStream().write('x');
    unflushed.getOutputStream().flush();
    assertThat(response.isCommitted()).isEqualTo(flushed);

    unflushed.flushBuffer();
    assertThat(response.isCommitted()).isEqualTo(flushed);
    assertThat(response.getContentAsString()).isEqualTo("x");
  }
}
