using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Google.Apis.Auth.OAuth2;

namespace Google.Api.Gax.Grpc
{
    public sealed class CallSettings
    {
        private CallSettings(CancellationToken? cancellationToken, Expiration expiration)
        {
            CancellationToken = cancellationToken;
            Expiration = expiration;
        }

        public CancellationToken? CancellationToken { get; }

        public Expiration Expiration { get; }

        public static CallSettings FromCancellationToken(CancellationToken cancellationToken) => new(cancellationToken, null);

        public static CallSettings FromExpiration(Expiration expiration) => expiration is null ? null : new(null, expiration);
    }

    public abstract class ClientBuilderBase<TClient>
    {
        internal ClientBuilderBase()
        {
        }

        public string Endpoint { get; set; }

        public IReadOnlyList<string> Scopes { get; set; }

        public GoogleCredential GoogleCredential { get; set; }

        public ICredential Credential { get; set; }

        public string UserAgent { get; set; }

        public string QuotaProject { get; set; }

        public abstract TClient Build();

        public abstract Task<TClient> BuildAsync(CancellationToken cancellationToken = default);

        protected abstract ChannelPool GetChannelPool();
    }

    public sealed class ChannelPool
    {
        internal ChannelPool()
        {
        }

        public Task ShutdownChannelsAsync() => throw new NotSupportedException("contract");
    }
}
