using Microsoft.DurableTask.Client;

namespace DicomFunctions.App.Workflow;

/// <summary>
/// The Durable client of the invocation under way. The host hands a client to each function that asks for one, and none to services;
/// this takes it from the one to the others, for as long as the call lasts.
/// </summary>
public sealed class InvocationClient
{
    private readonly AsyncLocal<DurableTaskClient?> _current = new();

    /// <exception cref="InvalidOperationException">The function under way has not said which client is its own.</exception>
    internal DurableTaskClient Current => _current.Value
        ?? throw new InvalidOperationException("The workflow engine was used outside of a function that has a Durable client.");

    /// <summary>Makes the call, with this client for all that it does.</summary>
    public async Task<T> UseAsync<T>(DurableTaskClient client, Func<Task<T>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        // What an async method sets here is not seen by its caller.
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
