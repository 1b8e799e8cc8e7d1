using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Storage;
using Xunit;

namespace DicomFunctions.Core.Tests.Drop;

public sealed class DropNamesTests
{
    private static readonly string Long = new('n', 256);

    public static TheoryData<string, string> Unnameable => new()
    {
        { "a//b.dcm", "a/" },
        { "a/b.dcm/", "a/b.dcm/" },
        { "/b.dcm", "renamed-" },
        { "a/line\nbreak.dcm", "a/" },
        { "back\\slash.dcm", "renamed-" },
        { "a/" + Long, "a/" },
        { Long + "/b.dcm", "renamed-" },
        { "a/" + string.Concat(Enumerable.Repeat("segment/", 126)) + "b.dcm", "a/segment/" },
    };

    [Theory]
    [MemberData(nameof(Unnameable))]
    public void Nameable_is_a_name_in_the_folder_of_the_alias_the_same_each_time(string path, string folder)
    {
        var name = DropNames.Nameable(DropFolder.Incoming + path, "v1");
        Assert.NotNull(ObjectName.Problem(DropFolder.Incoming + path));
        Assert.Null(ObjectName.Problem(name));
        Assert.StartsWith(DropFolder.Incoming + folder, name, StringComparison.Ordinal);
        Assert.Equal(name, DropNames.Nameable(DropFolder.Incoming + path, "v1"));
        Assert.NotEqual(name, DropNames.Nameable(DropFolder.Incoming + path, "v2"));
    }

    [Fact]
    public void Candidates_begin_with_the_files_own_name_and_end_in_a_folder_of_ours()
    {
        var names = DropNames.Candidates("drop/incoming/alias/sub/a.dcm", "v").ToList();
        Assert.Equal(4, names.Distinct().Count());
        Assert.Equal("drop/incoming/alias/sub/a.dcm", names[0]);
        Assert.Matches("^drop/incoming/alias/sub/[0-9a-f]{16}-a.dcm$", names[1]);
        Assert.Matches("^drop/incoming/alias/[0-9a-f]{16}-a.dcm$", names[2]);
        Assert.Matches("^drop/incoming/[0-9a-f]{16}-alias/[0-9a-f]{16}-a.dcm$", names[3]);
        Assert.All(names, name => Assert.True(DropNames.IsErrorOf(DropNames.Error(name), names[0])));
        Assert.False(DropNames.IsErrorOf(DropNames.Error("drop/incoming/b.dcm"), names[0]));
    }
}
