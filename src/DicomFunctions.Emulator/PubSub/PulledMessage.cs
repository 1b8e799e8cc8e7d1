namespace DicomFunctions.Emulator.PubSub;

/// <summary>A delivery of a message.</summary>
internal readonly record struct PulledMessage(PubSubMessage Message, string AckId, int DeliveryAttempt);
