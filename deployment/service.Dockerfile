# task-api and task-web: `--build-arg SERVICE=task-api`. Needs `./mvnw package` before it.
ARG SERVICE

# Layers that change seldom come first, so that an update of the product is a small download.
FROM eclipse-temurin:25-jre AS layers
ARG SERVICE
WORKDIR /build
COPY ${SERVICE}/target/${SERVICE}-*-app.jar app.jar
RUN java -Djarmode=tools -jar app.jar extract --layers --destination layers

# The service starts once, with a database that is thrown away, and its JVM keeps what it has worked out (JEP 483).
FROM postgres:18 AS training
ARG SERVICE
COPY --from=layers /opt/java/openjdk /opt/java/openjdk
COPY --from=layers --chown=postgres /build/layers/dependencies/ /build/layers/spring-boot-loader/ /build/layers/snapshot-dependencies/ /build/layers/application/ /app/
COPY deployment/target/deployment-*-app.jar /training/setup.jar
COPY --chmod=555 deployment/train.sh /training/
USER postgres
WORKDIR /app
RUN /training/train.sh ${SERVICE} /tmp/app.aot

FROM eclipse-temurin:25-jre
ARG USER=10001
WORKDIR /app
COPY --from=layers /build/layers/dependencies/ ./
COPY --from=layers /build/layers/spring-boot-loader/ ./
COPY --from=layers /build/layers/snapshot-dependencies/ ./
COPY --from=layers /build/layers/application/ ./
COPY --from=training --chmod=444 /tmp/app.aot ./
# Text of requests is in the log: as JSON, it cannot begin a line of its own.
ENV LOGGING_STRUCTURED_FORMAT_CONSOLE=logstash LOGGING_CONSOLE_APPENDER=structured-console-appender
USER ${USER}:${USER}
# A container has a network of its own; what of it is published is said elsewhere.
ENV ROWLOCK_BIND_ADDRESS=0.0.0.0
ENTRYPOINT ["java", "-XX:AOTCache=app.aot", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-jar", "app.jar"]
