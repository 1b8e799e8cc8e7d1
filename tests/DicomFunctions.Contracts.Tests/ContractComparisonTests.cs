using Xunit;

namespace DicomFunctions.Contracts.Tests;

public sealed class ContractComparisonTests
{
    [Fact]
    public void Differences_SameType_None() => Assert.Empty(ContractComparison.Differences(typeof(Real), typeof(Real), overloadsMatter: true));

    [Theory]
    [InlineData(typeof(OtherName), "has what the real one has not: abstract System.Threading.Tasks.Task<System.String> Get(System.String key = null)")]
    [InlineData(typeof(OtherDefault), "has what the real one has not: abstract System.Threading.Tasks.Task<System.String> Get(System.String id = x)")]
    [InlineData(typeof(OtherNullability), "has what the real one has not: abstract System.Threading.Tasks.Task<System.String?> Get(System.String id = null)")]
    [InlineData(typeof(NotAbstract), "has what the real one has not: virtual System.Threading.Tasks.Task<System.String> Get(System.String id = null)")]
    [InlineData(typeof(OtherAccessor), "has what the real one has not: System.Int32 Count { get; set }")]
    [InlineData(typeof(LacksAbstract), "lacks the abstract abstract System.Threading.Tasks.Task<System.String> Get(System.String id = null)")]
    [InlineData(typeof(LacksOverload), "lacks the overload abstract System.Void Put(System.Int32 value)")]
    [InlineData(typeof(OtherBase), "has the base System.Exception, really System.Object")]
    [InlineData(typeof(Concrete), "is a sealed class, really an abstract class")]
    public void Differences_OneThingOff_IsNamed(Type contract, string difference)
        => Assert.Contains(
            difference, ContractComparison.Differences(contract, typeof(Real), overloadsMatter: true));

    [Fact]
    public void Differences_OtherAttributeTargets_IsNamed()
        => Assert.Equal(
            ["may be put on Class, really on Method"],
            ContractComparison.Differences(typeof(OnClass), typeof(OnMethod), overloadsMatter: true).Where(d => d.Contains("put on", StringComparison.Ordinal)));

#nullable disable
    internal abstract class Real
    {
        public int Count { get; }

        public abstract Task<string> Get(string id = null);

        public abstract void Put(string value);

        public abstract void Put(int value);
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

    internal abstract class LacksOverload
    {
        public abstract void Put(string value);
    }

    internal abstract class OtherBase : Exception;

    internal sealed class Concrete;

    [AttributeUsage(AttributeTargets.Class)]
    internal sealed class OnClass : Attribute;

    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class OnMethod : Attribute;
}
