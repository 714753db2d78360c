/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jpa;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;

@AutoConfigurationPackage
@ImportAutoConfiguration({
  HibernateJpaAutoConfiguration.class,
  TransactionAutoConfiguration.class,
  PersistenceExceptionTranslationAutoConfiguration.class,
  DataJpaRepositoriesAutoConfiguration.class
})
class JpaConfiguration {}
