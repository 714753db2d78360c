/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jpa;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An ordinary application with Spring Data JPA on the engine. */
@SpringBootApplication
class BookApplication {}
