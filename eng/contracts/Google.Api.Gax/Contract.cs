namespace Google.Api.Gax
{
    public enum EmulatorDetection
    {
        None = 0,
        ProductionOnly = 1,
        EmulatorOnly = 2,
        EmulatorOrProduction = 3,
    }

    public interface IResourceName
    {
        bool IsKnownPattern { get; }

        string ToString();
    }

    public sealed class Expiration
    {
        private Expiration(TimeSpan? timeout, DateTime? deadline)
        {
            Timeout = timeout;
            Deadline = deadline;
        }

        public static Expiration None { get; } = new(null, null);

        public TimeSpan? Timeout { get; }

        public DateTime? Deadline { get; }

        public static Expiration FromTimeout(TimeSpan timeout) => new(timeout, null);

        public static Expiration FromDeadline(DateTime deadline) => new(null, deadline);
    }
}
