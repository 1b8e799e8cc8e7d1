using System.Diagnostics;
using Xunit.Sdk;

namespace DicomFunctions.Fuzz.Tests.Harness;

/// <summary>Tries a property on a thread of its own, watched: a case that hangs is a failure, not the end of the run.</summary>
internal sealed class GuardedCases<T>(Action<T> property)
{
    /// <summary>Generous: a case takes microseconds, and the machine may be busy.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Little, as a thread of a server has: what needs a level of stack for each level of its input fails.</summary>
    private const int StackBytes = 512 * 1024;

    private T? _input;
    private long _started;

    /// <summary>The last input that failed: after shrinking, the smallest.</summary>
    public (T Input, Exception Exception)? Failure { get; private set; }

    public void Try(T input)
    {
        _input = input;
        Volatile.Write(ref _started, Stopwatch.GetTimestamp());
        try
        {
            property(input);
        }
        catch (Exception exception)
        {
            Failure = (input, exception);
            throw;
        }
        finally
        {
            Volatile.Write(ref _started, 0);
        }
    }

    /// <summary>Runs what calls <see cref="Try"/>; gives what it threw.</summary>
    public Exception? Run(Action tries)
    {
        Exception? thrown = null;
        var thread = new Thread(Body, StackBytes) { IsBackground = true };
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(200)))
        {
            if (Volatile.Read(ref _started) is var started and not 0 && Stopwatch.GetElapsedTime(started) > Longest)
                throw new XunitException($"It takes over {Longest.TotalSeconds} s for\n{_input}");
        }

        return thrown;

        void Body()
        {
            try
            {
                tries();
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        }
    }
}
