# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/hashicorp/google" {
  version     = "7.20.0"
  constraints = "~> 7.0"
  hashes = [
    "h1:/m+ukrdB6CAQh7ejtpblQUJ4uwqebXDbzxTpgZUuWJo=",
    "h1:7PoR1V+6PKUWZrQ4r9A1F6m+pI7k7eoghNHtUjN5V8M=",
    "h1:BfTH2WscrAsoXZVDp0ls+7b6cRCsBgS8OYYYeVR0bRo=",
    "h1:PWMILoak9cO5mRaI6w3G7NJSMYdfYSf8/AXCwJ2VPrg=",
    "h1:RAmjM5W6W4kJ2Fz962PEuYoEf4Xa1ycQAnSbkpj97Dc=",
    "h1:bMFyLhRDsYPyiIBXGWxpCTaMET0p2xDo6P2pitwhgpQ=",
    "h1:gZB4xZ7j0dvhU5m/jWZsDnKxBlVISsOutvokX/x3y3M=",
    "h1:mSvInduSo07vFXLy/MFv8RWyA38scTU4BFOJb/g49Vw=",
    "h1:qwHQevuqD/0c7/it6MkfMg3tobZ4jPqgLMYukrjiHPs=",
    "h1:r5TTY7rmNJcKZhnv32yWTfDE7T9/LdtLUpmIiX3I2UQ=",
    "h1:xAH7d06AQkxPcBbQCakO8JH4gHt1tVHlwDWX7ajcRRY=",
    "zh:0476beff4009352c52e4595c20beb21b0d5e20ebf3d86753df1ea4b655fdb000",
    "zh:25e2657deb9f518607193c48673270fbb40e1ae70c022737f4fb1f10d697fc2e",
    "zh:3e522fd06c0f8757510e39939d5b00dbc9c0712c9f25373ff89770501df5dd93",
    "zh:4fe718731a615a78a38a9485d21817f3168a311338e3ae31f0de86c0f5a53c40",
    "zh:64326e8fb391ac269361f0cabb929e842273781b082abba782d088f31e6a0250",
    "zh:71b95eff24ed205c18f756acb4e8da6a60a9406267271ac40a5a41516e4ed376",
    "zh:7e4db76bad642721b67cee2e13f4c52f4b38ac15ea3fbe7bbb267e15abf793ed",
    "zh:a8251fdef80c407e7e63cf24a815b3b6d6a15c27618a379d0344c61aaf48b552",
    "zh:bc37e63accc2d65fa37934c8dc56317ef39f1e269ef56603a94f74c7b4fd564d",
    "zh:dbe4c17db018637d1e6ffd3c1090edd6a0ea89c2859e535b9a9ce99da0b054ab",
    "zh:e52f3708c9c97b7113c61a00567fdb7de70a2ac870016fa6761d0794cc191900",
    "zh:f569b65999264a9416862bca5cd2a6177d94ccb0424f3a4ef424428912b9cb3c",
  ]
}

provider "registry.terraform.io/hashicorp/google-beta" {
  version     = "7.20.0"
  constraints = "~> 7.0"
  hashes = [
    "h1:2vfswdVgu3rC68leS9lS/bLh28KJ6hFe2vxTd2S3Cq0=",
    "h1:Fmk3qeXj476vMiZ1NWuzUyWkHfqDAMp2MlbZVWF90oA=",
    "h1:K4U3UTOssGc2znQywvieUjUflkxYsfXRYK1oeRSXIrE=",
    "h1:UJ3UhPOE6K7TOKNI6zjlMCyxmmRUMnlHpoK1kPDR5Kc=",
    "h1:UmKwXRbsprp1UaC7/KfE8WuEOYCG8U/Eze0vppsO2Hg=",
    "h1:XnFMsk3/pwykvC9ZU125zT4z3BEjD7y3Sbtk1+tJjFI=",
    "h1:dz9JknIhVE4mAQCajFd8GHltJTDIMwwPEj+QZXxNVP8=",
    "h1:oYCVeuZZBwi93r1Br0zSBeyuC82CWklNlS28SY3iqcg=",
    "h1:p3GEyqAsKoTFySrCECKkevXAtGKdYatozjE9tWEg0d8=",
    "h1:rXuexE3gSLLTTV+eLWA90lASBWO+E0sUq4g8IFdqTEk=",
    "h1:tttBtODi+cZA19LyBq6m9NxvS0+xwe24L4PEVh7wF5M=",
    "zh:0471888567785d387cad5d688c1942c44dbf6ac9c37de58b91d622e4c687d071",
    "zh:2418857c0174f3cdc53b6b28fd265b9856568f8b57da816a7630c04f884b8e4f",
    "zh:3fd417d3d0bf12570df5336adbe8236161f04756e9fb4dd98b2bb7488269868d",
    "zh:4a93f4a3e10e8242a8f406275e3846b816b27c0c8fb87f1e22de28eaa6d9e02a",
    "zh:51922c710952087cb1c7209aefc6d87d44d6788244f2d35f6c519ea46db3b80c",
    "zh:5440c4eacd9bec31f0e23b01d2bc721fdd6a9b3662cc5fa03ad2d41659d2ea47",
    "zh:570a1d26022d78693fff7d245b38793f47932d2a3273e94044c40b554fcf3129",
    "zh:6e8345c02a941c3544b904ced4e7b4584848099862bcb3ab75adae487faf2f5d",
    "zh:864806bae21f064435b4d31e48a3bcc2f88f51be20fc9ab216eceb8cd472c098",
    "zh:bebb7c8550a55b47c7b7da932ba5c164498ce153ae48c56460dfb5383120d75c",
    "zh:c7baf1c4f59154955afac0b47b240804a1cf457dc3dbf7febb5781b979851408",
    "zh:f569b65999264a9416862bca5cd2a6177d94ccb0424f3a4ef424428912b9cb3c",
  ]
}
