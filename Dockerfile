# dicomfn serve in a container: docs/local.md, "In a container".
#   docker build --build-arg VERSION=1.2.0 --tag dicomfn .
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-alpine AS build
ARG TARGETARCH
# There is no git in the build to read the version from.
ARG VERSION=0.0.0-container
WORKDIR /source
COPY . .
RUN dotnet publish src/DicomFunctions.Local -c Release -a $TARGETARCH --self-contained false -o /out/app \
      -p:MinVerVersionOverride=$VERSION \
 && mkdir /out/data

FROM mcr.microsoft.com/dotnet/aspnet:10.0-alpine
LABEL org.opencontainers.image.title="dicomfn" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /out/app /app
# The data directory is closed to others from the start; a volume in its place takes over owner and mode.
COPY --from=build --chown=$APP_UID:$APP_UID --chmod=0700 /out/data /data
ENV PATH="/app:$PATH" \
    DOTNET_CLI_TELEMETRY_OPTOUT=1
USER $APP_UID
VOLUME /data
EXPOSE 7071
# Health needs no key. A host that is stopping, or cannot write its data, is unhealthy.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD wget --quiet --output-document=/dev/null http://127.0.0.1:7071/api/health || exit 1
STOPSIGNAL SIGINT
ENTRYPOINT ["dicomfn"]
CMD ["serve", "--url", "http://0.0.0.0:7071", "--api-key-file", "/run/secrets/api-key", "--data", "/data"]
