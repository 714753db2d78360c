/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemCatalogueTest {
  private enum OwnProblem implements Problem {
    MALFORMED_NOTE(400),
    NOTE_LOCKED(423);

    private final ProblemType type;

    OwnProblem(int status) {
      this.type =
          new ProblemType(
              status,
              "own title",
              "own detail",
              "https://www.rfc-editor.org/rfc/rfc4918.html#section-11.3");
    }

    @Override
    public ProblemType type() {
      return type;
    }
  }

  private final ProblemCatalogue catalogue =
      new ProblemCatalogue(
          List.of(OwnProblem.values()), Map.of(HttpProblem.NOT_FOUND, "No such note."));

  @ParameterizedTest
  @CsvSource({
    "400, bad-request", "404, not-found", "418, bad-request", "423, note-locked",
    "500, internal-error", "503, service-unavailable", "599, internal-error", "302, internal-error"
  })
  void ofStatus_anyStatus_isTheFirstProblemOfIt(int status, String code) {
    assertThat(catalogue.ofStatus(status).code()).isEqualTo(code);
  }

  @Test
  void find_code_includesTheProblemsOfTheService() {
    assertThat(catalogue.find("malformed-note")).isEqualTo(OwnProblem.MALFORMED_NOTE);
    assertThat(catalogue.find("uri-too-long")).isEqualTo(HttpProblem.URI_TOO_LONG);
    assertThat(catalogue.find("other")).isNull();
  }

  @Test
  void detail_replacedByTheService_differsFromTheDefault() {
    assertThat(catalogue.detail(HttpProblem.NOT_FOUND)).isEqualTo("No such note.");
    assertThat(catalogue.detail(HttpProblem.BAD_REQUEST))
        .isEqualTo(HttpProblem.BAD_REQUEST.detail());
    assertThat(catalogue.detail(OwnProblem.NOTE_LOCKED)).isEqualTo("own detail");
  }

  @Test
  void problems_inTheOrderOfTheirStatus_thatOfHttpFirst() {
    assertThat(catalogue.problems())
        .hasSize(HttpProblem.values().length + 2)
        .isSortedAccordingTo(java.util.Comparator.comparingInt(Problem::status))
        .startsWith(HttpProblem.BAD_REQUEST, OwnProblem.MALFORMED_NOTE);
  }
}
