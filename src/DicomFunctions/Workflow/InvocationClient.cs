using Microsoft.DurableTask.Client;

namespace DicomFunctions.App.Workflow;

/// <summary>
/// The Durable client of the current invocation. The host gives a client to each function that asks for one, but not to services;
/// this passes it on to them for the duration of the call.
/// </summary>
public sealed class InvocationClient
{
    private readonly AsyncLocal<DurableTaskClient?> _current = new();

    /// <exception cref="InvalidOperationException">The current function has not set its client.</exception>
    internal DurableTaskClient Current => _current.Value
        ?? throw new InvalidOperationException("The workflow engine was used outside a function with a Durable client.");

    /// <summary>Makes a call, during which <see cref="Current"/> is this client.</summary>
    public async Task<T> UseAsync<T>(DurableTaskClient client, Func<Task<T>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        // A value set in an async method is not visible to its caller.
        _current.Value = client;
        return await call().ConfigureAwait(false);
    }

    /// <inheritdoc cref="UseAsync{T}(DurableTaskClient, Func{Task{T}})"/>
    public async Task UseAsync(DurableTaskClient client, Func<Task> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        _current.Value = client;
        await call().ConfigureAwait(false);
    }
}
