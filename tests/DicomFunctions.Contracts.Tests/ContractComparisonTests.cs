using Xunit;

namespace DicomFunctions.Contracts.Tests;

public sealed class ContractComparisonTests
{
    [Fact]
    public void Differences_same_type_none() => Assert.Empty(ContractComparison.Differences(typeof(Real), typeof(Real)));

    [Theory]
    [InlineData(
        typeof(OtherName),
        "has what the real one has not: abstract System.Threading.Tasks.Task<System.String> Get(System.String key = null)")]
    [InlineData(
        typeof(OtherDefault),
        "has what the real one has not: abstract System.Threading.Tasks.Task<System.String> Get(System.String id = x)")]
    [InlineData(
        typeof(OtherNullability),
        "has what the real one has not: abstract System.Threading.Tasks.Task<System.String?> Get(System.String id = null)")]
    [InlineData(
        typeof(NotAbstract),
        "has what the real one has not: virtual System.Threading.Tasks.Task<System.String> Get(System.String id = null)")]
    [InlineData(typeof(OtherAccessor), "has what the real one has not: System.Int32 Count { get; set }")]
    [InlineData(
        typeof(LacksAbstract), "lacks the abstract abstract System.Threading.Tasks.Task<System.String> Get(System.String id = null)")]
    [InlineData(typeof(OtherBase), "has the base System.Exception, really System.Object")]
    [InlineData(typeof(Concrete), "is a sealed class, really an abstract class")]
    public void Differences_one_thing_off_is_named(Type contract, string difference)
        => Assert.Contains(
            difference, ContractComparison.Differences(contract, typeof(Real)));

#nullable disable
    internal abstract class Real
    {
        public int Count { get; }

        public abstract Task<string> Get(string id = null);

        public abstract void Put(string value);
    }

    internal abstract class OtherName
    {
        public abstract Task<string> Get(string key = null);
    }

    internal abstract class OtherDefault
    {
        public abstract Task<string> Get(string id = "x");
    }

#nullable enable
    internal abstract class OtherNullability
    {
        public abstract Task<string?> Get(string id = null!);
    }
#nullable disable

    internal abstract class NotAbstract
    {
        public virtual Task<string> Get(string id = null) => null;
    }

    internal abstract class OtherAccessor
    {
        public int Count { get; set; }
    }

    internal abstract class LacksAbstract
    {
        public int Count { get; }
    }

    internal abstract class OtherBase : Exception;

    internal sealed class Concrete;
}
