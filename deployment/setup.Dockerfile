# Generates secrets and realm before the servers start. Run `./mvnw package` first.
FROM eclipse-temurin:25-jre
WORKDIR /app
COPY deployment/target/deployment-*-app.jar app.jar
ENTRYPOINT ["java", "-XX:TieredStopAtLevel=1", "-jar", "app.jar"]
CMD ["/secrets", "/realm"]
